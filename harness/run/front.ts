/** Puts a front before the gateways of a trial that upgrades them; other trials keep their shape. */
import type { Runtime, World } from '../model/ports.ts';
import { connectFront } from '../network/front/client.ts';
import { frontWorkload } from '../network/front/workload.ts';
import { waitUntil } from './wait.ts';

const readyWithinMs = 10_000;

export interface FrontDeployment {
  /** The gateway to which it leads at first. */
  readonly first: URL;
  readonly runtime: Runtime;
  readonly launch: World['launch'];
}

export type StandingFront = ReturnType<typeof connectFront> & {
  /** Where clients connect. */
  readonly address: URL;
};

/** It takes connections when it resolves. */
export async function startFront(
  { first, runtime, launch }: FrontDeployment,
  signal: AbortSignal,
): Promise<StandingFront> {
  const address = async (): Promise<URL> => new URL(`http://127.0.0.1:${await runtime.freePort()}`);
  const [listen, control] = [await address(), await address()];
  await launch(frontWorkload({ listen, control, first }), signal);
  const front = connectFront(control);
  const answers = (): Promise<boolean> =>
    front.lead().then(
      () => true,
      () => false,
    );
  const wait = { what: 'the front did not answer', code: 'GATEWAY_NOT_READY', withinMs: readyWithinMs } as const;
  await waitUntil(wait, answers, signal);
  return { ...front, address: listen };
}
