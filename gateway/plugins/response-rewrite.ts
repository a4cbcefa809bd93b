/** `response-rewrite`: status, body and headers as the client sees them. Absent: `filters`, which would hold every body back. */
import { BadItem } from '../config/bad-item.ts';
import type { RequestContext } from '../proxy/request-context.ts';
import { template, writtenInHeader } from '../proxy/template.ts';
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
    const edits = editsOf(headerEdits(conf.headers));
    const condition: Condition | undefined = conf.vars === undefined ? undefined : compileVars(conf.vars);
    return {
      response(context, head) {
        if (condition !== undefined && !condition(answered(context, head))) return;
        if (conf.status_code !== undefined) head.status = conf.status_code;
        if (body !== undefined) head.body = body;
        for (const edit of edits) edit(context, head);
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

type Edit = (context: RequestContext, head: ResponseHead) => void;

function editsOf({ set = {}, add = [], remove = [] }: Headers): readonly Edit[] {
  return [
    ...add.map((line): Edit => {
      const colon = line.indexOf(':');
      const [name, value] = [line.slice(0, colon), template(line.slice(colon + 1).trim(), writtenInHeader)];
      return (context, { headers }) => headers.append(name, value(context));
    }),
    ...Object.entries(set).map(([name, text]): Edit => {
      const value = template(String(text), writtenInHeader);
      return (context, { headers }) => headers.set(name, value(context));
    }),
    ...remove.map(
      (name): Edit =>
        (_context, { headers }) =>
          headers.delete(name),
    ),
  ];
}
