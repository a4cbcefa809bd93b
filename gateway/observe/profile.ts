/** A CPU profile of this process, in V8's own form, which Chrome's developer tools and speedscope open. */
import { Session } from 'node:inspector/promises';

/** How often the stack is looked at. Microseconds. */
const interval = 1_000;

let running = false;

/** Rejects while another one is being taken: two would see each other. */
export async function takeProfile(seconds: number): Promise<object> {
  if (running) throw new Error('a profile is being taken already');
  running = true;
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval });
    await session.post('Profiler.start');
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    return (await session.post('Profiler.stop')).profile;
  } finally {
    session.disconnect();
    running = false;
  }
}
