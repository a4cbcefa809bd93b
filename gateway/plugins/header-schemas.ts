/** Header fields in configurations. What may stand in one (RFC 9110 §5): anything else would fail each request that carries it. */
import type { SchemaObject } from 'ajv';

export const headerName: SchemaObject = { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" };
export const headerValue: SchemaObject = {
  anyOf: [{ type: 'string', pattern: '^[\\t\\x20-\\x7e\\x80-\\xff]*$' }, { type: 'number' }],
};

export type HeaderValues = Readonly<Record<string, string | number>>;

/** What to set, add and remove; what is added is written another way for requests than for answers. */
export interface HeaderEdits<Added> {
  readonly set?: HeaderValues;
  readonly add?: Added;
  readonly remove?: readonly string[];
}

/** Also from the older form of APISIX: what to set, without saying so. */
export function headerEdits<Added>(headers: HeaderEdits<Added> | HeaderValues = {}): HeaderEdits<Added> {
  const fields = Object.values(headers) as readonly unknown[];
  return fields.every((each) => typeof each === 'object') ? headers : { set: headers as HeaderValues };
}
