/** The rolling upgrade of etcd: seen by what each member tells of its version, with the data that was there before. */
import { expect, test } from 'vitest';
import { previousEtcd } from '../../../harness/tools/etcd-companions.ts';
import { companion } from '../../support/etcd-companion.ts';
import { putBy, readBy, toldBy } from '../../support/etcd-json.ts';
import { played } from '../../support/played-fault.ts';
import { startTrialWorld } from '../../support/trial-world.ts';

const previous = await companion(previousEtcd);

test.skipIf(previous === undefined).each([1, 3] as const)(
  'etcd.upgrade of %d: every member is of the later version, with what it had',
  async (count) => {
    const programs = { previous };
    await using started = await startTrialWorld({ members: count, programs, ...(previous && { command: previous }) });
    const { world } = started;
    const versions = (): Promise<readonly string[]> =>
      Promise.all(world.members.map(async ({ client }) => (await toldBy(client))?.version ?? 'none'));
    const before = new Set(await versions());
    expect(before.size).toBe(1);
    expect(await putBy(world.etcd, '/kept', 'yes')).toBe(200);
    const { healed } = await played({ kind: 'etcd.upgrade' }, world, async (proof) => {
      expect(proof).toMatch(/^the members tell [\d., ]+; they were of minor version \d+$/);
      const now = new Set(await versions());
      expect(now.size).toBe(1);
      expect(now).not.toEqual(before);
      for (const { client } of world.members)
        expect(await readBy(client, '/kept', { serializable: true })).toEqual([200, 'yes']);
    });
    expect(healed).toContain('all of one version');
  },
);
