/** What the doctor looks at besides programs: Node, etcd, the machine and its kernel. */
import { existsSync, readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { HarnessError } from '../model/errors.ts';
import { findEtcd } from './etcd.ts';
import { type Companion, etcdutl, previousEtcd } from './etcd-companions.ts';
import type { Finding } from './finding.ts';
import { type FoundTool, atLeast } from './found-tool.ts';
import { findK6 } from './k6.ts';
import { find } from './obtain.ts';
import { pins } from './pins.ts';
import { findToxiproxy } from './toxiproxy.ts';

const unusedYet = 'nothing in this version; no fault uses it yet';

export function node(): Finding {
  const version = process.versions.node;
  const from = process.execPath;
  const lackCosts = `nothing runs; at least ${pins.node.atLeast} is needed, make setup fetches ${pins.node.version}`;
  const found = atLeast(version, pins.node.atLeast);
  return { name: 'node', found, needed: true, detail: `${version} at ${from}`, version, from, lackCosts };
}

export function etcd(): Promise<Finding> {
  const lackCosts =
    "no trial runs; make setup builds one with Go or unpacks Debian's package (it downloads no release: there is no checksum to hold one to)";
  return tool({ name: 'etcd', needed: true, lackCosts }, 'GATECRASH_ETCD', findEtcd);
}

export function toxiproxy(): Promise<Finding> {
  const lackCosts =
    'faults of the network wait until it is built with Go, once; without Go, scenarios are skipped whose faults no other one can stand in for';
  return tool({ name: 'toxiproxy', needed: false, lackCosts }, 'GATECRASH_TOXIPROXY', findToxiproxy);
}

export function k6(): Promise<Finding> {
  const lackCosts =
    '--load k6, and scenarios with a k6 script of their own, cannot be run; the built-in engine needs none';
  return tool({ name: 'k6', needed: false, lackCosts }, 'GATECRASH_K6', findK6, 'on PATH');
}

async function tool(
  about: Pick<Finding, 'name' | 'needed' | 'lackCosts'>,
  variable: string,
  find: () => Promise<FoundTool | undefined>,
  elsewhere = 'on PATH or in .tools',
): Promise<Finding> {
  try {
    const found = await find();
    if (found === undefined) return { ...about, found: false, detail: `none that serves in ${variable}, ${elsewhere}` };
    const { version, from, path } = found;
    return { ...about, found: true, detail: `${version} from ${from}: ${path}`, version, from };
  } catch (error) {
    if (error instanceof HarnessError) return { ...about, found: false, detail: error.message };
    throw error;
  }
}

/** What some faults on etcd need beside it. */
export async function companions({ version }: Finding): Promise<readonly Finding[]> {
  return Promise.all([etcdutl, previousEtcd].map((companion) => finding(companion, version)));
}

async function finding(companion: Companion, etcdVersion: string | undefined): Promise<Finding> {
  const wanted = companion(etcdVersion ?? pins.etcd.version);
  const { name, fault, variable } = wanted;
  const lackCosts = `${fault} builds it with Go when a scenario asks for it; without Go it cannot be done`;
  const about = { name, needed: false, lackCosts };
  if (etcdVersion === undefined) return { ...about, found: false, detail: 'it has to fit an etcd' };
  return tool(about, variable, () => find(wanted));
}

export function machine(): Finding {
  const cores = cpus().length;
  const detail = `${cores} cores, ${Math.round(totalmem() / 1_073_741_824)} GiB of memory`;
  const lackCosts = 'gateway, etcd and load share one core: timed metrics drown in noise and trials come out invalid';
  return { name: 'cores', found: cores >= 2, needed: false, detail, lackCosts };
}

/** Delay and loss inside the kernel. Looking at what the kernel offers needs no rights; trying it would. */
export function netem(): Finding {
  const version = release();
  const lists = ['modules.builtin', 'modules.dep'].map((name) => textOf(`/lib/modules/${version}/${name}`));
  const found = built('CONFIG_NET_SCH_NETEM') || lists.some((list) => list.includes('sch_netem'));
  const detail = found ? `kernel ${version}` : `kernel ${version} names no sch_netem`;
  return { name: 'netem', found, needed: false, detail, version, lackCosts: unusedYet };
}

/** Whether the running kernel says that it was built with that option, in itself or as a module. */
function built(option: string): boolean {
  const file = '/proc/config.gz';
  return existsSync(file) && new RegExp(`^${option}=[ym]$`, 'm').test(gunzipSync(readFileSync(file)).toString());
}

/** Limits on the cores and the memory of a group of processes; those of v1 only, so far. */
export function cgroup(): Finding {
  const lacking = ['cpu', 'memory'].filter((name) => !existsSync(`/sys/fs/cgroup/${name}/cgroup.procs`));
  const found = lacking.length === 0;
  const detail = found ? 'v1 with cpu and memory' : `no cgroup v1 for ${lacking.join(' and ')} in /sys/fs/cgroup`;
  const faults = lacking.map((name) => `gateway.${name}`).join(' and ');
  const lackCosts = `${faults || 'no fault'} cannot be had with processes; with --runtime docker the engine sets limits`;
  return { name: 'cgroup', found, needed: false, detail, lackCosts };
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
