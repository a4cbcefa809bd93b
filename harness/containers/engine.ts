/** The Docker engine, found as testcontainers finds it: by DOCKER_HOST, its own settings, or at the usual sockets. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { ContainerRuntimeClient } from 'testcontainers';
import { type ErrorCode, HarnessError } from '../model/errors.ts';

export type Docker = ContainerRuntimeClient['container']['dockerode'];
export type Container = Awaited<ReturnType<Docker['createContainer']>>;

export interface Engine {
  readonly docker: Docker;
  readonly version: string;
  /** Its containers' root is the user who runs it. */
  readonly rootless: boolean;
}

const answersWithinMs = 10_000;

let connected: Promise<Engine> | undefined;

/** Once a process. Rejects with ENGINE_NOT_FOUND, and then looks again the next time. */
export function connectEngine(): Promise<Engine> {
  connected ??= connect().catch((error: unknown) => {
    connected = undefined;
    throw error;
  });
  return connected;
}

async function connect(): Promise<Engine> {
  // Else it may run a container to find its own way to published ports, of which we know that they are on loopback.
  process.env['TESTCONTAINERS_HOST_OVERRIDE'] ??= '127.0.0.1';
  try {
    // Loaded only when it is wanted: most runs, and the guardian of every run, have no use for it.
    const { getContainerRuntimeClient } = await import('testcontainers');
    const { container, info } = await withinTime(getContainerRuntimeClient(), answersWithinMs);
    const docker = container.dockerode;
    refuseAnother(docker);
    const { SecurityOptions = [] } = (await withinTime(docker.info(), answersWithinMs)) as {
      readonly SecurityOptions?: readonly string[];
    };
    const rootless = SecurityOptions.some((option) => option.includes('rootless'));
    return { docker, version: String(info.containerRuntime.serverVersion), rootless };
  } catch (cause) {
    throw new HarnessError('ENGINE_NOT_FOUND', `no Docker engine answers: ${(cause as Error).message}`, {
      hint: 'start one (dockerd, or your desktop) and see that this user may use it; or leave --runtime docker out',
      cause,
    });
  }
}

/** A socket that was named and does not answer is a mistake to be told, not to be worked around by another one. */
function refuseAnother({ modem }: Docker): void {
  const named = process.env['DOCKER_HOST'];
  const { socketPath } = modem as { readonly socketPath?: string };
  if (named?.startsWith('unix://') === true && named !== `unix://${socketPath}`)
    throw new Error(`nobody at DOCKER_HOST, which is ${named}`);
}

/** Whether it is worth the while to ask for one: where there never was an engine, there is nothing of ours in it. */
export function engineMayBeThere(): boolean {
  const sockets = ['/var/run/docker.sock', path.join(homedir(), '.docker/run/docker.sock')];
  const own = process.env['XDG_RUNTIME_DIR'];
  if (own !== undefined) sockets.push(path.join(own, 'docker.sock'));
  return process.env['DOCKER_HOST'] !== undefined || sockets.some((socket) => existsSync(socket));
}

const doneWithinMs = 30_000;

/**
 * What the engine is asked, with a time limit, and with an error that says what was asked. `of`: codes for statuses of its
 * answer that mean something else than a failure of the engine.
 */
export async function asked<T>(
  what: string,
  answer: Promise<T>,
  of: Readonly<Record<number, ErrorCode>> = {},
  withinMs: number = doneWithinMs,
): Promise<T> {
  try {
    return await withinTime(answer, withinMs);
  } catch (cause) {
    const full = wordsOf(cause).includes('no space left on device');
    const code = full ? 'DISK_FULL' : (of[statusOf(cause) ?? 0] ?? 'ENGINE_FAILED');
    throw new HarnessError(code, `the Docker engine could not ${what}: ${wordsOf(cause)}`, {
      ...(code === 'ENGINE_FAILED' ? { hint: 'see that it runs (docker info), then gatecrash clean' } : {}),
      cause,
    });
  }
}

/** HTTP status with which the engine refused; undefined when it did not answer. */
export function statusOf(error: unknown): number | undefined {
  return (error as { readonly statusCode?: number } | undefined)?.statusCode;
}

/** The engine's own words, without the client's around them. */
export function wordsOf(error: unknown): string {
  const { message, json } = error as { readonly message?: string; readonly json?: { readonly message?: string } };
  return json?.message ?? message ?? String(error);
}

async function withinTime<T>(answer: Promise<T>, withinMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const tooLate = setTimeout(() => late.reject(new Error(`no answer in ${withinMs} ms`)), withinMs);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(tooLate);
  }
}
