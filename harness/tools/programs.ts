/** Programs that the doctor looks for, none of which the main job needs. */
import type { Finding } from './finding.ts';
import { executable, onPath, versionOf } from './found-tool.ts';

interface Program {
  readonly name: string;
  /** Names it goes by, best first. */
  readonly files: readonly string[];
  readonly args: readonly string[];
  readonly lackCosts: string;
  /** Why it may be there and yet say no version. */
  readonly mute?: string;
}

const unusedYet = 'nothing in this version; nothing uses it yet';

const programs: readonly Program[] = [
  {
    name: 'go',
    files: ['go'],
    args: ['version'],
    lackCosts: "make setup cannot build etcd; one on PATH or Debian's older package serves",
  },
  {
    name: 'openssl',
    files: ['openssl'],
    args: ['version'],
    lackCosts: 'no trial with etcd: { tls: true }, so etcd.certificate-expired cannot be done',
  },
  { name: 'git', files: ['git'], args: ['--version'], lackCosts: 'evidence does not name the commit it was made with' },
  { name: 'docker client', files: ['docker'], args: ['--version'], lackCosts: unusedYet },
  {
    name: 'docker engine',
    files: ['docker'],
    args: ['version', '--format', '{{.Server.Version}}'],
    lackCosts: unusedYet,
    mute: 'no engine answers, or this user may not ask it',
  },
  { name: 'k6', files: ['k6'], args: ['version'], lackCosts: unusedYet },
  { name: 'nginx', files: ['nginx'], args: ['-v'], lackCosts: 'make bench cannot compare the gateway with nginx' },
  {
    name: 'taskset',
    files: ['taskset'],
    args: ['--version'],
    lackCosts: 'make bench cannot give each program its core',
  },
  {
    name: 'chromium',
    files: ['chromium', 'chromium-browser', 'google-chrome'],
    args: ['--version'],
    lackCosts: 'the tests that look at the report page in a browser are skipped',
  },
];

export function lookForPrograms(): Promise<readonly Finding[]> {
  return Promise.all(programs.map(lookFor));
}

async function lookFor({ name, files, args, lackCosts, mute }: Program): Promise<Finding> {
  const about = { name, needed: false, lackCosts };
  const from = files.map(place).find((file) => file !== undefined);
  if (from === undefined) return { ...about, found: false, detail: `no ${files.join(' or ')} on PATH` };
  const version = await versionOf(from, args);
  if (version === undefined) return { ...about, found: false, from, detail: mute ?? `${from} names no version` };
  return { ...about, found: true, version, from, detail: `${version} at ${from}` };
}

/** Servers lie in a folder that an ordinary user's PATH leaves out. */
function place(name: string): string | undefined {
  return onPath(name) ?? [`/usr/sbin/${name}`].find(executable);
}
