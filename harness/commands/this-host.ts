/** What this host has for faults: as it looks before anything runs, and as a run that has asked for it knows. */
import { readFileSync } from 'node:fs';
import { HarnessError } from '../model/errors.ts';
import type { EtcdPrograms } from '../model/etcd.ts';
import type { Host, HostPart } from '../model/host.ts';
import type { RuntimeKind } from '../model/plan.ts';
import type { ToxiproxyFound } from '../run/network.ts';
import { whyNoGroups } from '../runtimes/kernel-group.ts';
import { findEtcd } from '../tools/etcd.ts';
import { type Companion, etcdutl, previousEtcd } from '../tools/etcd-companions.ts';
import { type FoundTool, onPath } from '../tools/found-tool.ts';
import { find } from '../tools/obtain.ts';
import { pins } from '../tools/pins.ts';
import { findToxiproxy } from '../tools/toxiproxy.ts';

/** Builds nothing: what Go would build is not missing. `runtime`: where workloads are to live. */
export async function thisHost(runtime: RuntimeKind = 'process'): Promise<Host> {
  const server = await findEtcd().catch(() => undefined);
  const version = server?.version ?? pins.etcd.version;
  const lookFor = (companion: Companion): Promise<FoundTool | undefined> => find(companion(version));
  const programs = {
    toxiproxy: await whyMissing('toxiproxy', findToxiproxy),
    etcdutl: await whyMissing('etcdutl', () => lookFor(etcdutl)),
    previousEtcd: await whyMissing('etcd of the minor version before', () => lookFor(previousEtcd)),
  };
  return hostWithout(programs, runtime);
}

/** As a run knows it after it has tried to get what its plan needs; the rest counts as missing, and nobody asks for it. */
export function hostWith({ etcdutl, previous }: EtcdPrograms, toxiproxy: ToxiproxyFound, runtime: RuntimeKind): Host {
  const programs = {
    toxiproxy: 'why' in toxiproxy ? firstLine(toxiproxy.why) : undefined,
    etcdutl: lacking(etcdutl, 'etcdutl'),
    previousEtcd: lacking(previous, 'etcd of the minor version before'),
  };
  return hostWithout(programs, runtime);
}

function lacking(file: string | undefined, name: string): string | undefined {
  return file === undefined ? `there is no ${name} (gatecrash doctor)` : undefined;
}

type Programs = Pick<Host['missing'], Exclude<HostPart, 'openssl' | 'prlimit' | keyof Rights>>;

function hostWithout(programs: Programs, runtime: RuntimeKind): Host {
  const openssl = onPath('openssl') === undefined ? 'there is no openssl, which makes certificates' : undefined;
  const rights = runtime === 'docker' ? ofContainers : ofProcesses();
  const prlimit = onPath('prlimit') === undefined ? 'there is no prlimit, which sets limits of processes' : undefined;
  return { openFiles: openFiles(), missing: { ...programs, openssl, prlimit, ...rights } };
}

type Rights = Pick<Host['missing'], 'cpuLimit' | 'memoryLimit' | 'firewall'>;

/** Their groups are the engine's to make, whoever this user is; and the network of a trial is its own. */
const ofContainers: Rights = { cpuLimit: undefined, memoryLimit: undefined, firewall: undefined };

function ofProcesses(): Rights {
  const firewall = 'processes share the network of this host, in which nobody puts rules';
  return { cpuLimit: whyNoGroups('cpu'), memoryLimit: whyNoGroups('memory'), firewall };
}

async function whyMissing(name: string, look: () => Promise<FoundTool | undefined>): Promise<string | undefined> {
  try {
    const got = (await look()) !== undefined || onPath('go') !== undefined;
    return got ? undefined : `there is no ${name}, and no Go to build one (gatecrash doctor)`;
  } catch (error) {
    // The variable that may name its path names nothing usable.
    if (error instanceof HarnessError) return firstLine(error.message);
    throw error;
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}

/** The hard limit: Node raises its own soft limit to it when it starts. Beyond counting where the kernel tells none. */
function openFiles(): number {
  try {
    const limit = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
