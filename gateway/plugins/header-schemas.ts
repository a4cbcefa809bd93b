/** What may stand in a header field (RFC 9110 §5): anything else would fail each request that carries it. */
import type { SchemaObject } from 'ajv';

export const headerName: SchemaObject = { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" };
export const headerValue: SchemaObject = {
  anyOf: [{ type: 'string', pattern: '^[\\t\\x20-\\x7e\\x80-\\xff]*$' }, { type: 'number' }],
};
