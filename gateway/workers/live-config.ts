/** The configuration in force in one worker: every part of the gateway that follows it, fed from one place. */
import type { ConfigChange } from '../config/config-objects.ts';
import { Consumers } from '../config/consumers.ts';
import { Blocks } from '../routing/blocks.ts';
import type { Router } from '../routing/router.ts';
import { Certificates } from '../tls/certificates.ts';
import type { UpstreamOptions } from '../upstream/upstream-options.ts';
import { UpstreamStates } from '../upstream/upstream-states.ts';

export interface LiveConfig {
  readonly router: Router;
  readonly blocks: Blocks;
  readonly upstreams: UpstreamStates;
  readonly certificates: Certificates;
  readonly consumers: Consumers;
  /** In the order of etcd's revisions. */
  readonly apply: (changes: readonly ConfigChange[]) => void;
}

export function createLiveConfig(router: Router, options?: UpstreamOptions): LiveConfig {
  const blocks = new Blocks();
  const upstreams = new UpstreamStates(options);
  const certificates = new Certificates();
  const consumers = new Consumers();
  return {
    router,
    blocks,
    upstreams,
    certificates,
    consumers,
    apply(changes) {
      router.apply(changes);
      blocks.apply(changes);
      upstreams.apply(changes);
      certificates.apply(changes);
      consumers.apply(changes);
    },
  };
}
