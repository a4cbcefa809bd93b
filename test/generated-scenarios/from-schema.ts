/** Values of any shape that the schema of the scenario language allows: a word that is new in the language joins by itself. */
import fc from 'fast-check';

/** Of JSON Schema, the keywords that the schema is made with. Anything else is refused, so that nothing is silently left out. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Of a table with free names: what each of them holds. */
  readonly additionalProperties?: boolean | Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const known = new Set(
  '$ref $schema oneOf anyOf minimum maximum const enum type pattern properties required items minItems definitions additionalProperties discriminator description title'.split(
    ' ',
  ),
);
const mostItems = 5;

/** Everyday numbers mostly, so that what is made of them is not all refused; and those that people mistype. */
const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 50 }) },
  { weight: 2, arbitrary: fc.double({ min: 0.05, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 1.5, 1e9, 1e-9) },
);

export function fromSchema(schema: Schema, root: Schema = schema): fc.Arbitrary<unknown> {
  const strange = Object.keys(schema).filter((keyword) => !known.has(keyword));
  if (strange.length > 0) throw new Error(`no values are made of the keywords ${strange.join(', ')} yet`);
  if (schema.$ref !== undefined) return fromSchema(definition(schema.$ref, root), root);
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice !== undefined) return fc.oneof(...choice.map((each) => fromSchema(each, root)));
  if (Object.keys(schema).length === 0) return fc.jsonValue({ maxDepth: 1 });
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type ?? '') {
    case 'object':
      return record(schema, root);
    case 'array':
      return fc.array(fromSchema(schema.items ?? {}, root), { minLength: schema.minItems ?? 0, maxLength: mostItems });
    case 'number':
      return numberBetween(schema);
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'string':
      return schema.pattern === undefined ? word : fc.stringMatching(new RegExp(schema.pattern), { maxLength: 6 });
    default:
      throw new Error(`no values are made of ${JSON.stringify(schema).slice(0, 80)} yet`);
  }
}

function numberBetween({ minimum, maximum }: Schema): fc.Arbitrary<number> {
  if (minimum === undefined && maximum === undefined) return number;
  const [min, max] = [minimum ?? 0, maximum ?? (minimum ?? 0) + 50];
  return fc.oneof(fc.double({ min, max, noNaN: true }), fc.integer({ min: Math.ceil(min), max: Math.floor(max) }));
}

const word = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
);

function record(
  { properties, required = [], additionalProperties: free }: Schema,
  root: Schema,
): fc.Arbitrary<unknown> {
  if (properties === undefined) {
    return typeof free === 'object'
      ? fc.dictionary(word, fromSchema(free, root), { maxKeys: mostItems })
      : fc.constant({});
  }
  const fields = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, fromSchema(each, root)]));
  return fc.record(fields, { requiredKeys: required.filter((name) => name in properties) });
}

function definition(reference: string, { definitions = {} }: Schema): Schema {
  const found = definitions[reference.replace('#/definitions/', '')];
  if (found === undefined) throw new Error(`the schema has no ${reference}`);
  return found;
}
