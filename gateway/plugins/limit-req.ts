/** `limit-req`: a steady rate by a leaky bucket, over all workers; what is above it waits, and what is above the burst is refused. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BucketLevel } from '../limits/counters.ts';
import { type LimitConf, limitFields, limitKey } from '../limits/limit-key.ts';
import type { Handled, Plugin } from './plugin.ts';

interface Conf extends LimitConf {
  /** Requests a second. */
  readonly rate: number;
  readonly burst: number;
  readonly nodelay?: boolean;
}

export const limitReq: Plugin = {
  name: 'limit-req',
  priority: 1001,
  schema: {
    type: 'object',
    properties: {
      rate: { type: 'number', exclusiveMinimum: 0 },
      burst: { type: 'number', minimum: 0 },
      nodelay: { type: 'boolean' },
      // Over several gateways APISIX counts in Redis, which this one does not have.
      policy: { enum: ['local'] },
      ...limitFields,
    },
    required: ['rate', 'burst', 'key'],
    additionalProperties: false,
  },
  bind(conf: Conf, owner: string) {
    const { rate, burst, nodelay = false, rejected_code: status = 503, rejected_msg: message } = conf;
    const keyOf = limitKey(conf);
    const refused = { status, ...(message === undefined ? {} : { body: { error_msg: message } }) };
    const judge = ({ admitted, delayMs }: BucketLevel): Handled | Promise<Handled> => {
      if (!admitted) return refused;
      return nodelay || delayMs < 1 ? undefined : sleep(delayMs).then(() => undefined);
    };
    return {
      access(context) {
        const key = `${owner} ${rate}/${burst} ${keyOf(context)}`;
        const level = context.gateway.counters.bucket({ key, rate, burst });
        if (!(level instanceof Promise)) return judge(level);
        return level.then(judge, () =>
          conf.allow_degradation === true ? undefined : { status: 500, body: { error_msg: 'failed to limit req' } },
        );
      },
    };
  },
};
