/** The table of faults. A kind of fault without an injector does not compile. */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector, Injectors } from '../model/injector.ts';
import { clientInjectors } from './client/injectors.ts';
import { etcdCorrupt, etcdNospace } from './etcd-alarm.ts';
import { etcdAuth } from './etcd-auth.ts';
import { etcdCertificateExpired } from './etcd-certificate-expired.ts';
import { etcdCompact } from './etcd-compact.ts';
import { etcdDamageMember } from './etcd-damage-member.ts';
import { etcdDefrag } from './etcd-defrag.ts';
import { etcdDown } from './etcd-down.ts';
import { etcdHugeTxn } from './etcd-huge-txn.ts';
import { etcdHugeValue } from './etcd-huge-value.ts';
import { etcdKillLeader } from './etcd-kill-leader.ts';
import { etcdLeaseStorm } from './etcd-lease-storm.ts';
import { etcdLoseQuorum } from './etcd-lose-quorum.ts';
import { etcdMoveLeader } from './etcd-move-leader.ts';
import { etcdOverload } from './etcd-overload.ts';
import { etcdPause } from './etcd-pause.ts';
import { etcdReplaceMember } from './etcd-replace-member.ts';
import { etcdRestore } from './etcd-restore.ts';
import { etcdUpgrade } from './etcd-upgrade.ts';
import { etcdWipe } from './etcd-wipe.ts';
import { etcdWrongCluster } from './etcd-wrong-cluster.ts';
import { gatewayColdStart } from './gateway/cold-start.ts';
import { gatewayCpu } from './gateway/cpu.ts';
import { gatewayKill, gatewayTerm } from './gateway/ending.ts';
import { gatewayMigrate } from './gateway/migrate.ts';
import { gatewayFiles } from './gateway/files.ts';
import { gatewayMemory } from './gateway/memory.ts';
import { gatewayPause } from './gateway/pause.ts';
import { gatewayReload } from './gateway/reload.ts';
import { gatewayRestart } from './gateway/restart.ts';
import { gatewayScaleOut } from './gateway/scale-out.ts';
import { gatewayScrape } from './gateway/scrape.ts';
import { gatewayUpgrade } from './gateway/upgrade.ts';
import { linkInjectors } from './link/injectors.ts';
import { networkInjectors } from './network/injectors.ts';
import { routesBlock } from './routes-block.ts';
import { routesDeletes } from './routes-delete.ts';
import { routesFill } from './routes-fill.ts';
import { routesFlood } from './routes-flood.ts';
import { routesNoop } from './routes-noop.ts';
import { routesOddIds } from './routes-odd-ids.ts';
import { routesPoison } from './routes-poison.ts';
import { upstreamDns } from './upstream/dns.ts';
import { upstreamInjectors } from './upstream/injectors.ts';
import { watchCrowd } from './watch-crowd.ts';

export const injectors: Injectors = {
  ...linkInjectors,
  'watch.crowd': watchCrowd,
  'etcd.overload': etcdOverload,
  'etcd.pause': etcdPause,
  'etcd.down': etcdDown,
  'etcd.compact': etcdCompact,
  'etcd.nospace': etcdNospace,
  'etcd.corrupt': etcdCorrupt,
  'etcd.defrag': etcdDefrag,
  'etcd.kill-leader': etcdKillLeader,
  'etcd.move-leader': etcdMoveLeader,
  'etcd.lose-quorum': etcdLoseQuorum,
  'etcd.replace-member': etcdReplaceMember,
  'etcd.damage-member': etcdDamageMember,
  'etcd.wipe': etcdWipe,
  'etcd.restore': etcdRestore,
  'etcd.wrong-cluster': etcdWrongCluster,
  'etcd.auth': etcdAuth,
  'etcd.certificate-expired': etcdCertificateExpired,
  'etcd.huge-txn': etcdHugeTxn,
  'etcd.huge-value': etcdHugeValue,
  'etcd.lease-storm': etcdLeaseStorm,
  'etcd.upgrade': etcdUpgrade,
  'routes.flood': routesFlood,
  ...routesDeletes,
  'routes.fill': routesFill,
  'routes.odd-ids': routesOddIds,
  'routes.noop': routesNoop,
  'routes.poison': routesPoison,
  'routes.block': routesBlock,
  'gateway.kill': gatewayKill,
  'gateway.term': gatewayTerm,
  'gateway.pause': gatewayPause,
  'gateway.restart': gatewayRestart,
  'gateway.reload': gatewayReload,
  'gateway.cold-start': gatewayColdStart,
  'gateway.upgrade': gatewayUpgrade,
  'gateway.migrate': gatewayMigrate,
  'gateway.scale-out': gatewayScaleOut,
  'gateway.cpu': gatewayCpu,
  'gateway.scrape': gatewayScrape,
  ...clientInjectors,
  'gateway.memory': gatewayMemory,
  'gateway.files': gatewayFiles,
  ...upstreamInjectors,
  'upstream.dns': upstreamDns,
  ...networkInjectors,
};

/** The injector of a fault: by the mapped type it is filed under its own kind. */
export function injectorOf(fault: Fault): Injector<Fault> {
  return injectors[fault.kind];
}
