/** The JSON Schema of the scenario language, made of its types and their comments. `--write` puts it in its place. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Schema, createGenerator } from 'ts-json-schema-generator';

const folder = path.join(import.meta.dirname, '..', 'scenarios');

export function scenarioSchema(): string {
  const schema = createGenerator({
    path: path.join(folder, 'scenario.ts'),
    type: 'Scenario',
    topRef: false,
    jsDoc: 'extended',
    discriminatorType: 'open-api',
    skipTypeCheck: true,
  }).createSchema('Scenario');
  const definitions = (schema.definitions ?? {}) as Definitions;
  for (const definition of Object.values(definitions))
    if (definition.oneOf !== undefined)
      definition.oneOf = definition.oneOf.flatMap((each) => variantsOf(each, definitions));
  return `${JSON.stringify({ title: 'gatecrash scenario', ...schema }, null, 2)}\n`;
}

type Definitions = Record<string, Schema>;

/** A union within a union is one: a validator tells variants apart by their kind only where they stand side by side. */
function variantsOf(variant: Schema | boolean, definitions: Definitions): readonly (Schema | boolean)[] {
  if (typeof variant === 'boolean') return [variant];
  const name = variant.$ref?.replace('#/definitions/', '') ?? '';
  const named = definitions[name] ?? variant;
  return named.anyOf === undefined ? [named] : named.anyOf.flatMap((each) => variantsOf(each, definitions));
}

if (process.argv.includes('--write')) writeFileSync(path.join(folder, 'scenario.schema.json'), scenarioSchema());
