/** Holds a value against the schema of the scenario language: every mistake as a sentence with its path. */
import { Ajv, type ErrorObject } from 'ajv';
import schema from '../../scenarios/scenario.schema.json' with { type: 'json' };
import { unknownWord } from '../model/nearest.ts';

export interface SchemaMistake {
  /** Keys from the root. */
  readonly path: readonly string[];
  readonly words: string;
}

const validate = new Ajv({ allErrors: true, verbose: true, discriminator: true, strict: false }).compile(schema);

/** Empty when the value is a scenario, as far as types go. */
export function schemaMistakes(value: unknown): readonly SchemaMistake[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => ({ path: pathOf(error), words: wordsOf(error) }));
}

/** A JSON Pointer (RFC 6901); of a field that should not be there, that of the field. */
function pathOf({ instancePath, keyword, params }: ErrorObject): readonly string[] {
  const keys = instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (keyword === 'additionalProperties') return [...keys, text(params['additionalProperty'])];
  if (keyword === 'discriminator') return [...keys, text(params['tag'])];
  return keys;
}

function wordsOf(error: ErrorObject): string {
  const { keyword, params, data, message = '' } = error;
  const parent = (error.parentSchema ?? {}) as ParentSchema;
  switch (keyword) {
    case 'additionalProperties':
      return unknownWord('field', text(params['additionalProperty']), Object.keys(parent.properties ?? {}));
    case 'required':
      return `the field "${text(params['missingProperty'])}" is missing`;
    case 'enum':
      return unknownWord('value', text(data), (params['allowedValues'] as readonly unknown[]).map(text));
    case 'discriminator':
      return params['tagValue'] === undefined
        ? `the field "${text(params['tag'])}" is missing`
        : unknownWord(text(params['tag']), text(params['tagValue']), kindsOf(parent));
    case 'pattern':
      return `"${text(data)}" is no duration; write a number and ms, s or m, such as 250ms`;
    case 'type':
      return `must be ${text(params['type'])}, not ${JSON.stringify(data)?.slice(0, 40) ?? 'nothing'}`;
    default:
      return message;
  }
}

interface ParentSchema {
  readonly properties?: object;
  readonly oneOf?: readonly { readonly properties: { readonly kind: { readonly const: string } } }[];
}

function kindsOf({ oneOf = [] }: ParentSchema): readonly string[] {
  return oneOf.map(({ properties }) => properties.kind.const);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
