/** `limit-count`: so many requests in a fixed window of time, over all workers. Absent: the Redis policies. */
import type { WindowCount } from '../limits/counters.ts';
import { type LimitConf, limitFields, limitKey } from '../limits/limit-key.ts';
import type { RequestContext } from '../proxy/request-context.ts';
import type { Answer, Handled, Plugin } from './plugin.ts';

interface Conf extends LimitConf {
  readonly count: number;
  /** Seconds. */
  readonly time_window: number;
  readonly policy?: 'local';
  readonly group?: string;
  readonly show_limit_quota_header?: boolean;
}

type Headers = Readonly<Record<string, string>>;

export const limitCount: Plugin = {
  name: 'limit-count',
  priority: 1002,
  schema: {
    type: 'object',
    properties: {
      count: { type: 'integer', exclusiveMinimum: 0 },
      time_window: { type: 'integer', exclusiveMinimum: 0 },
      policy: { enum: ['local'] },
      group: { type: 'string', minLength: 1 },
      show_limit_quota_header: { type: 'boolean' },
      ...limitFields,
    },
    required: ['count', 'time_window'],
    additionalProperties: false,
  },
  bind(conf: Conf, owner: string) {
    // Other numbers begin to count anew; a group counts together wherever it stands.
    const scope = conf.group === undefined ? `${owner} ${conf.count}/${conf.time_window}` : `group ${conf.group}`;
    const keyOf = limitKey(conf);
    const quotas = new WeakMap<RequestContext, Headers>();
    const judge = (context: RequestContext, counted: WindowCount): Handled => {
      const headers = conf.show_limit_quota_header === false ? {} : quota(conf, counted);
      if (!counted.admitted) return refusal(conf, headers);
      quotas.set(context, headers);
      return undefined;
    };
    return {
      access(context) {
        const order = { limit: conf.count, windowMs: conf.time_window * 1_000 };
        const counted = context.gateway.counters.window({ key: `${scope} ${keyOf(context)}`, ...order });
        if (!(counted instanceof Promise)) return judge(context, counted);
        return counted.then(
          (late) => judge(context, late),
          // Whether an uncounted request passes is for the operator to say; by default it does not.
          () =>
            conf.allow_degradation === true ? undefined : { status: 500, body: { error_msg: 'failed to limit count' } },
        );
      },
      response(context, { headers }) {
        for (const [name, value] of Object.entries(quotas.get(context) ?? {})) headers.set(name, value);
      },
    };
  },
};

function quota({ count }: Conf, { remaining, resetMs }: WindowCount): Headers {
  return {
    'X-RateLimit-Limit': String(count),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(Math.ceil(resetMs / 1_000)),
  };
}

function refusal({ rejected_code: status = 503, rejected_msg: message }: Conf, headers: Headers): Answer {
  return { status, headers, ...(message === undefined ? {} : { body: { error_msg: message } }) };
}
