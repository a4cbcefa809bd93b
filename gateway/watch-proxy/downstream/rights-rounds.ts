/**
 * The watches that are open are checked again and again, since a right may be taken away. Every token that is not known from
 * a moment ago is a question to etcd: a crowd with a token each is asked about bit by bit, so that it costs etcd no more a
 * second than a small one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenStreams } from './open-streams.ts';
import type { Permissions } from './permissions.ts';

/** Between two rounds. Milliseconds. */
const roundMs = 5_000;
/** Between two questions: twenty a second. Milliseconds. */
const questionMs = 50;

/** For ever. */
export async function checkRights(streams: OpenStreams, permissions: Permissions): Promise<never> {
  for (;;) {
    await sleep(roundMs, undefined, { ref: false });
    for (const { session } of streams.all) {
      const [{ asked }, { watches }] = [permissions, session];
      // While etcd does not answer, rights stay as they were.
      await session.checkRights().catch(() => undefined);
      // Others may have asked meanwhile.
      const questions = Math.min(permissions.asked - asked, watches);
      if (questions > 0) await sleep(questions * questionMs, undefined, { ref: false });
    }
  }
}
