import type { Scenario } from './scenario.ts';

/** Whether a trial speaks to the Admin API of the gateway: it blocks by it, or sends single requests to it. */
export function asksAdmin({ timeline, conformance }: Pick<Scenario, 'timeline' | 'conformance'>): boolean {
  const blocks = timeline.some(({ fault }) => fault.kind === 'routes.block');
  return blocks || (conformance?.requests.some(({ to }) => to === 'admin') ?? false);
}
