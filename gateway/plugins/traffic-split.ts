/** `traffic-split`: a share of the traffic, or what fits a condition, goes to other upstreams: canary and blue-green routing. */
import type { Upstream } from '../config/config-objects.ts';
import { type RawUpstream, upstreamOf, upstreamSchema } from '../config/kinds/upstream.ts';
import { idOf, idSchema } from '../config/kinds/common.ts';
import type { RequestContext } from '../proxy/request-context.ts';
import type { Condition } from '../routing/condition.ts';
import { compileVars } from '../routing/vars.ts';
import { smoothTurns } from '../upstream/smooth-turns.ts';
import type { Plugin } from './plugin.ts';

interface RawShare {
  readonly upstream_id?: string | number;
  readonly upstream?: RawUpstream;
  readonly weight?: number;
}

interface RawRule {
  readonly match?: readonly { readonly vars: readonly unknown[] }[];
  readonly weighted_upstreams?: readonly RawShare[];
}

export const trafficSplit: Plugin = {
  name: 'traffic-split',
  priority: 966,
  schema: {
    type: 'object',
    properties: {
      rules: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            match: {
              type: 'array',
              items: {
                type: 'object',
                properties: { vars: { type: 'array' } },
                required: ['vars'],
                additionalProperties: false,
              },
            },
            weighted_upstreams: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  upstream_id: idSchema,
                  upstream: upstreamSchema,
                  weight: { type: 'integer', minimum: 0 },
                },
                not: { required: ['upstream_id', 'upstream'] },
                additionalProperties: false,
              },
              minItems: 1,
              maxItems: 20,
            },
          },
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
  },
  bind({ rules = [] }: { readonly rules?: readonly RawRule[] }, owner: string) {
    const bound = rules.map((rule, index) => ruleOf(rule, `${owner}#traffic-split-${index}`));
    return {
      access(context) {
        const share = bound.find(({ fits }) => fits(context))?.next();
        if (share === undefined) return undefined;
        const { upstream, upstreamId } = share;
        if (upstreamId !== undefined) context.upstream = context.gateway.router.upstream(upstreamId);
        else context.upstream = upstream;
        if (upstreamId === undefined || context.upstream !== undefined) return undefined;
        return { status: 502, body: { error_msg: `no upstream ${upstreamId}` } };
      },
    };
  },
};

interface Share {
  /** Neither: the route's own. */
  readonly upstream: Upstream | undefined;
  readonly upstreamId: string | undefined;
  readonly weight: number;
}

interface Rule {
  readonly fits: (context: RequestContext) => boolean;
  /** Undefined when no share has a weight: the route's own upstream then. */
  readonly next: () => Share | undefined;
}

function ruleOf({ match = [], weighted_upstreams: list = [{}] }: RawRule, key: string): Rule {
  const conditions: readonly Condition[] = match.map(({ vars }) => compileVars(vars));
  const shares = list.map(({ upstream, upstream_id, weight = 1 }, index): Share => {
    const own = upstream === undefined ? undefined : upstreamOf(`${key}-${index}`, upstream);
    return { upstream: own, upstreamId: idOf(upstream_id), weight };
  });
  const weighted = shares.filter(({ weight }) => weight > 0);
  const turn = smoothTurns(({ weight }: Share) => weight);
  return {
    fits: (context) => conditions.length === 0 || conditions.some((condition) => condition(context)),
    next: () => (weighted.length === 0 ? undefined : turn(weighted)),
  };
}
