/** `mocking`: an answer without an upstream. Absent: `response_schema`, which would invent the body. */
import { setTimeout as sleep } from 'node:timers/promises';
import { template } from '../proxy/template.ts';
import { headerName, headerValue } from './header-schemas.ts';
import type { Answer, Plugin } from './plugin.ts';

interface Conf {
  readonly delay?: number;
  readonly response_status?: number;
  readonly content_type?: string;
  readonly response_example: string;
  readonly response_headers?: Readonly<Record<string, string | number>>;
  readonly with_mock_header?: boolean;
}

export const mocking: Plugin = {
  name: 'mocking',
  priority: 10_900,
  schema: {
    type: 'object',
    properties: {
      delay: { type: 'integer', minimum: 0 },
      response_status: { type: 'integer', minimum: 200, maximum: 599 },
      content_type: { type: 'string', pattern: '^[\\x20-\\x7e]+$' },
      response_example: { type: 'string' },
      response_headers: { type: 'object', propertyNames: headerName, additionalProperties: headerValue },
      with_mock_header: { type: 'boolean' },
    },
    required: ['response_example'],
    additionalProperties: false,
  },
  bind(conf: Conf) {
    const given = Object.entries(conf.response_headers ?? {}).map(([name, value]) => [name, String(value)] as const);
    const headers = {
      'content-type': conf.content_type ?? 'application/json;charset=utf8',
      ...(conf.with_mock_header === false ? {} : { 'x-mock-by': 'gatecrash-gateway' }),
      ...Object.fromEntries(given),
    };
    const example = template(conf.response_example);
    const delayMs = (conf.delay ?? 0) * 1_000;
    return {
      access(context) {
        const answer: Answer = { status: conf.response_status ?? 200, headers, body: example(context) };
        return delayMs === 0 ? answer : sleep(delayMs).then(() => answer);
      },
    };
  },
};
