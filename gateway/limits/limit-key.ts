/** What a limit counts by: fields that several limiting plugins share. */
import type { SchemaObject } from 'ajv';
import { type Template, template } from '../proxy/template.ts';

export interface LimitConf {
  readonly key_type?: 'var' | 'var_combination' | 'constant';
  readonly key?: string;
  readonly rejected_code?: number;
  readonly rejected_msg?: string;
  readonly allow_degradation?: boolean;
}

export const limitFields: Readonly<Record<string, SchemaObject>> = {
  key_type: { enum: ['var', 'var_combination', 'constant'] },
  key: { type: 'string', minLength: 1 },
  rejected_code: { type: 'integer', minimum: 200, maximum: 599 },
  rejected_msg: { type: 'string', minLength: 1 },
  allow_degradation: { type: 'boolean' },
};

/** Who is counted together. A variable that is not there is the client's address, as in APISIX: never nobody. */
export function limitKey({ key_type: type = 'var', key = 'remote_addr' }: LimitConf): Template {
  if (type === 'constant') return () => key;
  const filled = type === 'var' ? undefined : template(key);
  return (context) => {
    const value = filled === undefined ? context.variable(key) : filled(context);
    return value === undefined || value === '' ? context.remoteAddress : value;
  };
}
