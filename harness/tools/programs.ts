/** Programs that the doctor looks for, none of which the main job needs. */
import type { Finding } from './finding.ts';
import { executable, onPath, versionOf } from './found-tool.ts';

interface Program {
  readonly name: string;
  /** Names it goes by, best first. */
  readonly files: readonly string[];
  readonly args: readonly string[];
  readonly lackCosts: string;
}

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
  {
    name: 'docker client',
    files: ['docker'],
    args: ['--version'],
    lackCosts: 'make up cannot start the stack of examples/compose; --runtime docker needs the engine alone',
  },
  {
    name: 'mmdebstrap',
    files: ['mmdebstrap'],
    args: ['--version'],
    lackCosts: 'where no registry of images can be reached, no base image can be made, and --runtime docker has none',
  },
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

async function lookFor({ name, files, args, lackCosts }: Program): Promise<Finding> {
  const about = { name, needed: false, lackCosts };
  const from = files.map(place).find((file) => file !== undefined);
  if (from === undefined) return { ...about, found: false, detail: `no ${files.join(' or ')} on PATH` };
  const version = await versionOf(from, args);
  if (version === undefined) return { ...about, found: false, from, detail: `${from} names no version` };
  return { ...about, found: true, version, from, detail: `${version} at ${from}` };
}

/** Servers lie in a folder that an ordinary user's PATH leaves out. */
function place(name: string): string | undefined {
  return onPath(name) ?? [`/usr/sbin/${name}`].find(executable);
}
