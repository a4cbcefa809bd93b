/** The gateway of this repository at another commit: its files as git keeps them, in a folder of their own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Paths of what is started. */
export interface Programs {
  readonly gateway: string;
  readonly watchProxy: string;
}

const root = path.resolve(import.meta.dirname, '../..');
/** What a gateway consists of, besides the packages that it uses. */
const parts = ['package.json', 'gateway'];
const entry = 'gateway/main.ts';
/** Of all files of a gateway together. Bytes. */
const mostBytes = 256 * 1024 ** 2;

function git(...args: readonly string[]): string {
  return execFileSync('git', [...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

/** The commit that a branch, a tag or a part of a hash names; undefined when it names none, or this is no checkout. */
export function commitOf(ref: string): string | undefined {
  try {
    // Elsewhere, git would speak of the repository in which the package happens to lie.
    if (ref.startsWith('-') || git('rev-parse', '--show-prefix') !== '') return undefined;
    return git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
  } catch {
    return undefined;
  }
}

/** Why that ref cannot be run, as sentences. */
export function refMistakes(build: string, ref: string): readonly string[] {
  const commit = commitOf(ref);
  if (commit === undefined) {
    const hint = 'it has to be a commit, branch or tag of this repository, which a shallow clone may lack';
    return [`${build}: git knows no commit "${ref}"; ${hint}`];
  }
  try {
    git('cat-file', '-e', `${commit}:${entry}`);
    return [];
  } catch {
    return [`${build}: there is no ${entry} at ${commit.slice(0, 12)}`];
  }
}

export function programsAt(commit: string, scratch: string): Programs {
  const folder = path.join(scratch, `gateway-${commit}`);
  return { gateway: path.join(folder, entry), watchProxy: path.join(folder, 'gateway/watch-proxy/main.ts') };
}

/**
 * Lays it out, once for each run. It is no worktree, of which git would keep a note in this repository; the packages are
 * those of this checkout.
 */
export function checkOut(commit: string, scratch: string, note: (text: string) => void): void {
  const { gateway } = programsAt(commit, scratch);
  if (existsSync(gateway)) return;
  const folder = path.dirname(path.dirname(gateway));
  mkdirSync(folder);
  const archive = execFileSync('git', ['archive', '--format=tar', commit, ...parts], {
    cwd: root,
    maxBuffer: mostBytes,
  });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  for (const text of otherPackages(folder)) note(`commit ${commit.slice(0, 12)}: ${text}`);
}

/** Lays it out for one question. */
export function withCheckOut<T>(commit: string, ask: (programs: Programs) => T): T {
  const scratch = mkdtempSync(path.join(tmpdir(), 'gatecrash-commit-'));
  try {
    checkOut(commit, scratch, () => undefined);
    return ask(programsAt(commit, scratch));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** What the commit pins and this checkout has otherwise. */
function otherPackages(folder: string): readonly string[] {
  const { dependencies } = manifest(path.join(folder, 'gateway'));
  return Object.entries(dependencies ?? {}).flatMap(([name, wanted]) => {
    const place = path.join(folder, 'node_modules', name);
    const has = existsSync(place) ? (manifest(place).version ?? 'none') : 'none';
    return has === wanted ? [] : [`it pins ${name} ${wanted}, and runs with ${has}`];
  });
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}
