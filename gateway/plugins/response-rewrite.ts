/** `response-rewrite`: status, body and headers as the client sees them. Absent: `filters`, which would hold every body back. */
import { BadItem } from '../config/bad-item.ts';
import type { RequestContext } from '../proxy/request-context.ts';
import type { Condition } from '../routing/condition.ts';
import { compileVars } from '../routing/vars.ts';
import { type HeaderEdits, type HeaderValues, headerEdits, headerName, headerValue } from './header-schemas.ts';
import type { Plugin, ResponseHead } from './plugin.ts';

type Headers = HeaderEdits<readonly string[]>;

interface Conf {
  readonly status_code?: number;
  readonly body?: string;
  readonly body_base64?: boolean;
  readonly headers?: Headers | HeaderValues;
  readonly vars?: readonly unknown[];
}

const values = { type: 'object', propertyNames: headerName, additionalProperties: headerValue };

export const responseRewrite: Plugin = {
  name: 'response-rewrite',
  priority: 899,
  schema: {
    type: 'object',
    properties: {
      status_code: { type: 'integer', minimum: 200, maximum: 598 },
      body: { type: 'string' },
      body_base64: { type: 'boolean' },
      headers: {
        anyOf: [
          {
            type: 'object',
            properties: {
              set: values,
              add: { type: 'array', items: { type: 'string', pattern: '^[^:\\s]+: ?[\\x20-\\x7e]*$' }, minItems: 1 },
              remove: { type: 'array', items: headerName, minItems: 1 },
            },
            minProperties: 1,
            additionalProperties: false,
          },
          { ...values, minProperties: 1 },
        ],
      },
      vars: { type: 'array' },
    },
    minProperties: 1,
    additionalProperties: false,
  },
  bind(conf: Conf) {
    const body = bodyOf(conf);
    const headers = headerEdits(conf.headers);
    const condition: Condition | undefined = conf.vars === undefined ? undefined : compileVars(conf.vars);
    return {
      response(context, head) {
        if (condition !== undefined && !condition(answered(context, head))) return;
        if (conf.status_code !== undefined) head.status = conf.status_code;
        if (body !== undefined) head.body = body;
        edit(context, head, headers);
      },
    };
  },
};

/** The request with what is known of its answer. */
function answered(context: RequestContext, head: ResponseHead): { variable(name: string): string | undefined } {
  return {
    variable(name) {
      if (name === 'status') return String(head.status);
      if (name.startsWith('sent_http_')) return head.headers.get(name.slice('sent_http_'.length).replaceAll('_', '-'));
      return context.variable(name);
    },
  };
}

function bodyOf({ body, body_base64: encoded }: Conf): Buffer | undefined {
  if (body === undefined) return undefined;
  if (encoded !== true) return Buffer.from(body);
  const decoded = Buffer.from(body, 'base64');
  // Node skips what is no Base64; half a body would go out unnoticed.
  if (decoded.toString('base64').replace(/=+$/, '') !== body.replace(/=+$/, ''))
    throw new BadItem('"body" is no Base64');
  return decoded;
}

function edit(context: RequestContext, { headers }: ResponseHead, { set = {}, add = [], remove = [] }: Headers): void {
  for (const line of add) {
    const colon = line.indexOf(':');
    headers.append(line.slice(0, colon), context.expand(line.slice(colon + 1).trim()));
  }
  for (const [name, value] of Object.entries(set)) headers.set(name, context.expand(String(value)));
  for (const name of remove) headers.delete(name);
}
