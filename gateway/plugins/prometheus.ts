/** `prometheus`: counts this route's answers and their latency under its name. Without it only totals are counted. */
import type { Plugin } from './plugin.ts';

export const prometheus: Plugin = {
  name: 'prometheus',
  priority: 500,
  schema: { type: 'object', properties: { prefer_name: { type: 'boolean' } }, additionalProperties: false },
  bind: ({ prefer_name: byName = false }: { readonly prefer_name?: boolean }) => ({
    served: (context, status) => context.gateway.routeServed(context, status, byName),
  }),
};
