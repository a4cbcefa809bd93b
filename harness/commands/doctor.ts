/** `gatecrash doctor`: what this host has, from where, and what each lack costs. */
import { existsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Command } from 'commander';
import { HarnessError } from '../model/errors.ts';
import { exitCode } from '../model/exit-codes.ts';
import { findEtcd } from '../tools/etcd.ts';
import { atLeast, onPath, output, versionIn } from '../tools/found-tool.ts';
import { pins } from '../tools/pins.ts';
import { Mistakes } from './mistakes.ts';

interface Finding {
  readonly name: string;
  readonly found: boolean;
  readonly detail: string;
  /** What cannot be done without it. */
  readonly lackCosts: string;
  /** Without it the main job does not run. */
  readonly needed: boolean;
}

export async function doctor(options: { readonly json?: boolean }, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 0);
  mistakes.throwIfAny();
  const findings = await Promise.all([node(), etcd(), cores(), ...others.map(other)]);
  if (options.json === true) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else for (const finding of findings) process.stdout.write(`${line(finding)}\n`);
  return findings.every(({ found, needed }) => found || !needed) ? exitCode.safe : exitCode.broken;
}

function line({ name, found, detail, lackCosts, needed }: Finding): string {
  const mark = found ? 'ok     ' : needed ? 'MISSING' : 'lacks  ';
  return `${mark}  ${name.padEnd(10)}  ${found ? detail : `${detail}; without it: ${lackCosts}`}`;
}

async function node(): Promise<Finding> {
  const version = process.versions.node;
  const found = atLeast(version, pins.node.atLeast);
  return {
    name: 'node',
    found,
    detail: `${version} at ${process.execPath}`,
    needed: true,
    lackCosts: 'nothing runs; make setup fetches one',
  };
}

async function etcd(): Promise<Finding> {
  const about = { name: 'etcd', needed: true, lackCosts: 'no trial runs; make setup builds or unpacks one' };
  try {
    const tool = await findEtcd();
    if (tool === undefined) return { ...about, found: false, detail: 'not found' };
    return { ...about, found: true, detail: `${tool.version} from ${tool.from}: ${tool.path}` };
  } catch (error) {
    if (error instanceof HarnessError) return { ...about, found: false, detail: error.message };
    throw error;
  }
}

async function cores(): Promise<Finding> {
  const detail = `${cpus().length} cores, ${Math.round(totalmem() / 1_073_741_824)} GiB of memory`;
  const lackCosts = 'gateway, etcd and load share one core, and trials come out invalid';
  return { name: 'host', found: cpus().length >= 2, detail, needed: false, lackCosts };
}

interface Other {
  readonly name: string;
  readonly args: readonly string[];
  readonly lackCosts: string;
}

const others: readonly Other[] = [
  { name: 'go', args: ['version'], lackCosts: 'an etcd cannot be built; Debian’s package or one on PATH is used' },
  {
    name: 'docker',
    args: ['version', '--format', '{{.Server.Version}}'],
    lackCosts: 'nothing in this version; the container runtime is not there yet',
  },
  { name: 'nginx', args: ['-v'], lackCosts: 'make bench cannot compare the gateway with nginx' },
  { name: 'git', args: ['--version'], lackCosts: 'evidence does not name the commit of the checkout' },
];

async function other({ name, args, lackCosts }: Other): Promise<Finding> {
  const file = onPath(name) ?? (existsSync(`/usr/sbin/${name}`) ? `/usr/sbin/${name}` : undefined);
  const version = file === undefined ? undefined : versionIn(await output(file, args));
  const found = file !== undefined && version !== undefined;
  const detail =
    file === undefined
      ? 'not found'
      : found
        ? `${version} at ${file}`
        : `${file} does not answer (no engine or no permission)`;
  return { name, found, detail, needed: false, lackCosts };
}
