/** The echo upstream as a process for tests, with its controls. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connectEcho } from '../../harness/upstream/client.ts';
import { type UpstreamAddresses, upstreamWorkload } from '../../harness/upstream/workload.ts';
import type { EchoUpstream } from '../../harness/model/upstream.ts';
import { freePort } from './etcd.ts';
import { until } from './http.ts';

export interface TestEcho extends AsyncDisposable {
  readonly echo: EchoUpstream & Disposable;
  /** Exit code and what it wrote to stderr, when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
  /** What the end of the harness looks like to it. */
  abandon(): void;
}

export interface EchoOptions {
  readonly port?: number;
  readonly heartbeatMs?: number;
  readonly certificate?: UpstreamAddresses['certificate'];
}

/** For a test that has its hands full for longer than a harness may stand still. Milliseconds. */
const unhurriedMs = 60_000;

/** Launched when it resolves. */
export async function spawnEchoUpstream({
  port,
  heartbeatMs = unhurriedMs,
  certificate,
}: EchoOptions = {}): Promise<TestEcho> {
  const listen = new URL(`http://127.0.0.1:${port ?? (await freePort())}`);
  const control = new URL(`http://127.0.0.1:${await freePort()}`);
  const { command, args, env } = upstreamWorkload({ listen, control, certificate });
  const child = spawn(command, args, {
    env: { ...process.env, ...env, UPSTREAM_HEARTBEAT_MS: String(heartbeatMs) },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }));
  const echo = connectEcho(control, listen);
  return {
    echo,
    ended,
    abandon: () => child.stdin.end(),
    async [Symbol.asyncDispose]() {
      echo[Symbol.dispose]();
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** It takes requests when it resolves. */
export async function startEchoUpstream(options: EchoOptions = {}): Promise<TestEcho> {
  const started = await spawnEchoUpstream(options);
  const answers = (): Promise<boolean> =>
    started.echo.counters().then(
      () => true,
      () => false,
    );
  await until(answers, 'the upstream answers');
  return started;
}
