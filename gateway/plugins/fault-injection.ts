/** `fault-injection`: answers with an error or waits, for a share of the requests that fit. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestContext } from '../proxy/request-context.ts';
import { template, writtenInHeader } from '../proxy/template.ts';
import { type Condition } from '../routing/condition.ts';
import { compileVars } from '../routing/vars.ts';
import { headerName, headerValue } from './header-schemas.ts';
import type { Answer, Plugin } from './plugin.ts';

interface Share {
  /** Of requests, in percent; all without. */
  readonly percentage?: number;
  /** Lists of expressions, of which one must hold. */
  readonly vars?: readonly (readonly unknown[])[];
}

interface Abort extends Share {
  readonly http_status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
}

interface Delay extends Share {
  /** Seconds. */
  readonly duration: number;
}

const share = {
  percentage: { type: 'integer', minimum: 0, maximum: 100 },
  vars: { type: 'array', items: { type: 'array' }, minItems: 1, maxItems: 20 },
};

export const faultInjection: Plugin = {
  name: 'fault-injection',
  priority: 11_000,
  schema: {
    type: 'object',
    properties: {
      abort: {
        type: 'object',
        properties: {
          http_status: { type: 'integer', minimum: 200, maximum: 599 },
          body: { type: 'string' },
          headers: { type: 'object', propertyNames: headerName, additionalProperties: headerValue },
          ...share,
        },
        required: ['http_status'],
        additionalProperties: false,
      },
      delay: {
        type: 'object',
        properties: { duration: { type: 'number', minimum: 0 }, ...share },
        required: ['duration'],
        additionalProperties: false,
      },
    },
    minProperties: 1,
    additionalProperties: false,
  },
  bind({ abort, delay }: { readonly abort?: Abort; readonly delay?: Delay }) {
    const [aborts, delays] = [hits(abort), hits(delay)];
    const answerTo = abort === undefined ? undefined : answerOf(abort);
    const answer = (context: RequestContext): Answer | undefined => (aborts(context) ? answerTo?.(context) : undefined);
    return {
      rewrite(context) {
        if (delay === undefined || !delays(context)) return answer(context);
        return sleep(delay.duration * 1_000).then(() => answer(context));
      },
    };
  },
};

function hits(fault: Share | undefined): (context: RequestContext) => boolean {
  if (fault === undefined) return () => false;
  const conditions: readonly Condition[] = (fault.vars ?? []).map((expressions) => compileVars(expressions));
  const { percentage = 100 } = fault;
  return (context) =>
    (conditions.length === 0 || conditions.some((condition) => condition(context))) && Math.random() * 100 < percentage;
}

function answerOf({ http_status: status, body, headers = {} }: Abort): (context: RequestContext) => Answer {
  const fields = Object.entries(headers).map(
    ([name, value]) => [name, template(String(value), writtenInHeader)] as const,
  );
  const text = body === undefined ? undefined : template(body);
  return (context) => {
    const given = Object.fromEntries(fields.map(([name, value]) => [name, value(context)] as const));
    return { status, headers: given, ...(text === undefined ? {} : { body: text(context) }) };
  };
}
