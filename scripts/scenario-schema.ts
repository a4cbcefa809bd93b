/** The JSON Schema of the scenario language, made of its types and their comments. `--write` puts it in its place. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';

const folder = path.join(import.meta.dirname, '..', 'scenarios');

export function scenarioSchema(): string {
  const generator = createGenerator({
    path: path.join(folder, 'scenario.ts'),
    type: 'Scenario',
    topRef: false,
    jsDoc: 'extended',
    discriminatorType: 'open-api',
    skipTypeCheck: true,
  });
  return `${JSON.stringify({ title: 'gatecrash scenario', ...generator.createSchema('Scenario') }, null, 2)}\n`;
}

if (process.argv.includes('--write')) writeFileSync(path.join(folder, 'scenario.schema.json'), scenarioSchema());
