/** Which scenarios exercise which area of a gateway: by what their timelines break. */
import { asksAdmin } from '../../scenarios/admin.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Area, LabelledEntry, Subject } from '../model/changelog.ts';

/** By family of fault, the part of its kind before the first dot. */
const families: Readonly<Record<string, readonly Area[]>> = {
  watch: ['etcd-sync'],
  unary: ['etcd-sync'],
  range: ['etcd-sync'],
  link: ['etcd-sync'],
  etcd: ['etcd-sync'],
  routes: ['router'],
  upstream: ['upstream', 'healthcheck', 'keepalive'],
  gateway: ['lifecycle', 'etcd-sync'],
  process: ['lifecycle', 'etcd-sync'],
  worker: ['lifecycle', 'etcd-sync'],
  workers: ['lifecycle', 'etcd-sync'],
  container: ['lifecycle'],
  cpu: ['lifecycle'],
  memory: ['lifecycle'],
  network: ['upstream', 'keepalive', 'etcd-sync'],
  tcp: ['upstream', 'keepalive', 'etcd-sync'],
  client: ['proxy-streaming', 'lifecycle'],
};

/** What is felt when nothing is broken: every request passes through it. */
const steady: readonly Area[] = [
  'upstream',
  'keepalive',
  'proxy-path',
  'proxy-headers',
  'proxy-streaming',
  'observability',
  'lifecycle',
  'other',
];

export function familyOf(kind: string): string {
  return kind.split('.')[0] ?? kind;
}

/** Whether a timeline of this family of faults says anything of any area. */
export function isKnownFamily(family: string): boolean {
  return family in families;
}

/** Changes a second, of a scenario that breaks nothing, from which on what follows and applies them is what it is about. */
const changedMuch = 40;

/** More than the rewriting of paths, which is what the router is tried with. */
const withPlugins = /"plugins":\{"(?!proxy-rewrite)/;

export function areasOf(scenario: Scenario): readonly Area[] {
  const { timeline, conformance, writes } = scenario;
  const broken = timeline.flatMap(({ fault }) => families[familyOf(fault.kind)] ?? []);
  const asked: readonly Area[] = [
    ...(asksAdmin(scenario) ? (['admin-api'] as const) : []),
    ...(withPlugins.test(JSON.stringify(conformance?.objects ?? {})) ? (['plugin'] as const) : []),
    ...(timeline.some(({ fault }) => fault.kind === 'gateway.scrape') ? (['observability'] as const) : []),
  ];
  const changed: readonly Area[] = writes.ratePerSecond >= changedMuch ? ['etcd-sync', 'router'] : [];
  return [...new Set([...(timeline.length === 0 ? [...steady, ...changed] : broken), ...asked])];
}

/** Scenarios that would show what an entry is about; all, for what could touch everything. */
export function exercisedBy(
  { type, areas }: Pick<LabelledEntry, 'type' | 'areas'>,
  scenarios: readonly Scenario[],
): readonly Scenario[] {
  const [{ value }] = areas;
  if (type.value === 'deps' && value === 'other') return scenarios;
  return scenarios.filter((scenario) => areasOf(scenario).includes(value));
}

export function expects({ expectations }: Scenario, subject: Subject): boolean {
  return expectations.some((one) => (one.kind === 'invariant' ? one.oracle : one.metric) === subject);
}
