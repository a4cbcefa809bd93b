/** `gatecrash list`: what is known, by kind. */
import type { Command } from 'commander';
import { catalogue, suites } from '../../scenarios/catalogue.ts';
import type { Fault } from '../../scenarios/scenario.ts';
import { injectors } from '../faults/index.ts';
import { products } from '../gateways/index.ts';
import { mutants } from '../gateways/reference.ts';
import type { Host } from '../model/host.ts';
import { unknownWord } from '../model/nearest.ts';
import type { Injector } from '../model/injector.ts';
import { Mistakes } from './mistakes.ts';
import { thisHost } from './this-host.ts';

interface Entry {
  readonly name: string;
  readonly about: string;
  /** Of a fault: between whom it is, what it does, and what is measured to know that it took hold. */
  readonly hop?: string;
  readonly does?: string;
  readonly proof?: string;
  /** Of a mutant that comes in doses: what its number means. */
  readonly unit?: string;
  /** Of a gateway: its abilities. */
  readonly can?: string;
  /** What a host has to have for it, and what this one lacks. */
  readonly needs?: string;
  readonly lacks?: string;
}

const kinds: Readonly<Record<string, (host: Host) => readonly Entry[]>> = {
  scenarios: () =>
    catalogue.map((scenario) => {
      const inSuites = Object.entries(suites).filter(([, members]) => members.includes(scenario));
      return { name: scenario.name, about: `${scenario.claim} [${inSuites.map(([suite]) => suite).join(', ')}]` };
    }),
  faults: (host) =>
    Object.entries(injectors).map(([name, injector]: [string, Injector<Fault>]) => {
      const { does } = injector.about;
      const lacks = injector.lacks?.(host);
      return {
        name,
        about: `${does} [${usedBy(name)}]`,
        ...injector.about,
        ...(lacks === undefined ? {} : { lacks }),
      };
    }),
  gateways: () =>
    Object.values(products).flatMap(({ builds, abilities: has }) => {
      const can = has === undefined ? 'what its configuration says' : [...has].join(', ');
      return Object.entries(builds).map(([name, about]) => ({ name, about, can }));
    }),
  mutants: () =>
    mutants().map(({ name, kind, summary, corpus, anchor, scenario, subject, dose }) => ({
      name: dose === undefined ? name : `${name}[=${dose.usual}]`,
      about:
        kind === 'benign'
          ? `benign: ${summary}`
          : `${corpus}: ${summary} (${anchor}); ${scenario} must catch it by ${subject}`,
      ...(dose === undefined ? {} : { unit: dose.unit }),
    })),
};

export async function list(
  kind: string | undefined,
  options: { readonly json?: boolean },
  command: Command,
): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, kind === undefined ? 0 : 1);
  if (kind !== undefined && !(kind in kinds)) mistakes.add(unknownWord('kind', kind, Object.keys(kinds)));
  mistakes.throwIfAny();
  const wanted = Object.entries(kinds).filter(([name]) => kind === undefined || name === kind);
  const host = await thisHost();
  const found = Object.fromEntries(wanted.map(([name, entries]) => [name, entries(host)]));
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    return 0;
  }
  for (const [name, entries] of Object.entries(found)) {
    const width = Math.max(...entries.map((entry) => entry.name.length));
    const indent = ' '.repeat(width + 4);
    const lines = entries.flatMap(({ name, about, can, hop, proof, needs, lacks }) => [
      `  ${name.padEnd(width)}  ${about}`,
      ...(hop === undefined || proof === undefined ? [] : [`${indent}${hop}; proof: ${proof}`]),
      ...(can === undefined ? [] : [`${indent}can: ${can}`]),
      ...(needs === undefined ? [] : [`${indent}needs ${needs}${lacks === undefined ? '' : ` ✗ ${lacks}`}`]),
    ]);
    process.stdout.write(`${name}\n${lines.join('\n')}\n`);
  }
  return 0;
}

function usedBy(fault: string): string {
  const users = catalogue.filter(({ timeline }) => timeline.some((step) => step.fault.kind === fault));
  return `used by ${users.map(({ name }) => name).join(', ') || 'no scenario'}`;
}
