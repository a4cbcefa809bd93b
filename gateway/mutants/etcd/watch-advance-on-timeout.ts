/**
 * Before each watch the store's global revision is sampled on another connection; when that watch times out, the next
 * one goes on after the sample. What was written before the sample and never delivered is skipped, silently and for
 * good. A single time-out of a healthy watch loses nothing; two in a row over one dead spell do.
 */
import type { ResumePolicy } from '../../etcd/sync-loop.ts';
import type { Position } from '../../etcd/words.ts';
import type { Mutant } from '../mutant.ts';
import type { Source } from './with-source.ts';

function advancing(source: Source): ResumePolicy {
  let sampled = 0n;
  return {
    async beforeWatch() {
      sampled = (await source.position()).revision;
    },
    resume(end, delivered): Position | undefined {
      if (end === 'ended') return delivered;
      if (end !== 'silent') return undefined;
      return sampled > delivered.revision ? { ...delivered, revision: sampled } : delivered;
    },
  };
}

export const watchAdvanceOnTimeout: Mutant = {
  name: 'watch-advance-on-timeout',
  kind: 'known-bad',
  summary: 'a watch that times out is resumed after a revision read elsewhere, so undelivered writes are skipped',
  corpus: 'R01',
  anchor: 'apache/apisix#13067',
  scenario: 'watch-silent-death',
  subject: 'no-lost-update',
  wrap: (seams) => ({ ...seams, resumePolicy: ({ source }) => advancing(source) }),
};
