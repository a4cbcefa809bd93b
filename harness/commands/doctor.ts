/** `gatecrash doctor`: what this host has, from where, and what each lack costs. */
import type { Command } from 'commander';
import { exitCode } from '../model/exit-codes.ts';
import type { Finding } from '../tools/finding.ts';
import { cgroup, companions, etcd, k6, machine, netem, node, toxiproxy } from '../tools/host.ts';
import { lookForPrograms } from '../tools/programs.ts';
import { engineFinding } from './engine-finding.ts';
import { Mistakes } from './mistakes.ts';

/** Resolves with 0 when the main job can run here, else 4. */
export async function doctor(options: { readonly json?: boolean }, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 0);
  mistakes.throwIfAny();
  const server = await etcd();
  const findings = [
    node(),
    server,
    ...(await companions(server)),
    machine(),
    ...(await lookForPrograms()),
    await engineFinding(),
    await toxiproxy(),
    await k6(),
    netem(),
    cgroup(),
  ];
  const able = findings.every(({ found, needed }) => found || !needed);
  if (options.json === true) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else process.stdout.write(`${[...findings.map(line), '', lastLine(able)].join('\n')}\n`);
  return able ? exitCode.safe : exitCode.broken;
}

function line({ name, found, detail, lackCosts, needed }: Finding): string {
  const mark = found ? 'ok' : needed ? 'MISSING' : 'lacks';
  const text = found ? detail : `${detail}. Without it: ${lackCosts}`;
  return `${mark.padEnd(7)}  ${name.padEnd(13)}  ${text}`;
}

function lastLine(able: boolean): string {
  return able ? 'gatecrash canary can run here' : 'gatecrash canary cannot run here: what is MISSING must be there';
}
