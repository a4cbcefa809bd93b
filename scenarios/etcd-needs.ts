/** What a fault on etcd needs of the etcd of its scenario, and the bounds that etcd sets. */
import { milliseconds } from './duration.ts';
import type { Fault, FaultKind, Scenario } from './scenario.ts';

const ofThree: ReadonlySet<FaultKind> = new Set([
  'etcd.kill-leader',
  'etcd.move-leader',
  'etcd.lose-quorum',
  'etcd.replace-member',
  'etcd.damage-member',
]);
/** They ask the members for their state, which those tell only who logs in; and most would leave an etcd without users. */
const withoutLogin: ReadonlySet<FaultKind> = new Set([
  ...ofThree,
  'etcd.wipe',
  'etcd.restore',
  'etcd.wrong-cluster',
  'etcd.upgrade',
]);
/** Operations of one transaction, and bytes of one request, that etcd takes by default; a request is more than its value. */
const most = { operations: 128, bytes: 1_500_000, leases: 10_000 };

/** Every mistake as a sentence; empty when the fault fits. */
export function etcdMistakes(fault: Fault, { etcd = {} }: Scenario): readonly string[] {
  const mistakes: string[] = [];
  const unless = (good: boolean, mistake: string): void => void (good || mistakes.push(mistake));
  const { members = 1, auth = false, tls = false } = etcd;
  unless(members === 3 || !ofThree.has(fault.kind), 'a single etcd has no others: write etcd: { members: 3 }');
  unless(
    members === 3 || !('hop' in fault) || fault.hop !== 'etcd->etcd',
    'a single etcd has no others: write etcd: { members: 3 }',
  );
  const ofMember = fault.kind === 'etcd.pause' && fault.member !== undefined;
  unless(members === 3 || !ofMember, 'a single etcd has no others: write etcd: { members: 3 }');
  unless(!auth || !(ofMember || withoutLogin.has(fault.kind)), 'it cannot be had with etcd: { auth: true }');
  if (fault.kind === 'etcd.auth')
    unless(auth === (fault.change !== 'enabled'), `${fault.change} needs etcd: { auth: ${String(!auth)} }`);
  if (fault.kind === 'etcd.certificate-expired') unless(tls, 'etcd has no certificate: write etcd: { tls: true }');
  if (fault.kind === 'etcd.huge-txn')
    unless(whole(fault.routes, most.operations), `routes must be a whole number from 1 to ${most.operations}`);
  if (fault.kind === 'etcd.huge-value') {
    unless(whole(fault.bytes, most.bytes), `bytes must be a whole number from 1 to ${most.bytes}`);
    unless(whole(fault.values, most.operations), `values must be a whole number from 1 to ${most.operations}`);
  }
  if (fault.kind === 'etcd.lease-storm') {
    unless(whole(fault.leases, most.leases), `leases must be a whole number from 1 to ${most.leases}`);
    const seconds = milliseconds(fault.ttl) / 1_000;
    unless(Number.isInteger(seconds) && seconds > 0, 'ttl must be whole seconds');
  }
  return mistakes;
}

function whole(value: number, largest: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= largest;
}
