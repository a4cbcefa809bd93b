/** From bytes in etcd to a JSON value that fits its schema; what does not is refused with the path that is wrong. */
import { Ajv, type ErrorObject, type SchemaObject, type ValidateFunction } from 'ajv';
import { BadItem } from './bad-item.ts';

/** A larger value is refused unread: etcd itself allows 1.5 MiB, and parsing blocks the requests of this worker. */
const maxBytes = 1_048_576;

const ajv = new Ajv({ allErrors: false, strict: false });
const compiled = new Map<SchemaObject, ValidateFunction>();

/** Throws BadItem. */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length > maxBytes) throw new BadItem(`${bytes.length} bytes are more than ${maxBytes}`);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new BadItem(`no JSON: ${withoutExcerpt(error)}`);
  }
}

/** V8 quotes the text around the mistake, which may be a secret: `Unexpected token 'a', ..."key": abc"... is not valid JSON`. */
function withoutExcerpt(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/, (\.\.\.)?".*$/s, '');
}

/** Throws BadItem. `at` is where the value stands in its object. Schemas are compiled when first needed. */
export function check(value: unknown, schema: SchemaObject, at = ''): void {
  let valid = compiled.get(schema);
  if (valid === undefined) compiled.set(schema, (valid = ajv.compile(schema)));
  if (valid(value)) return;
  throw new BadItem(reason(valid.errors?.[0], at));
}

function reason(error: ErrorObject | undefined, at: string): string {
  if (error === undefined) return 'invalid';
  const field = (error.params as { additionalProperty?: string }).additionalProperty;
  const path = at + error.instancePath;
  const where = path === '' ? 'the object' : path;
  return `${where} ${error.message ?? 'is invalid'}${field === undefined ? '' : ` ("${field}")`}`;
}
