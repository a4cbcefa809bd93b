/** What each image of ours is made of. */
import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { HarnessError } from '../../model/errors.ts';
import { ownImages } from '../../model/images.ts';

const root = path.join(import.meta.dirname, '../../..');

export interface Recipe {
  readonly name: string;
  /** As the end of a sentence that begins with "the image of". */
  readonly of: string;
  /** Image that it is made on. */
  readonly base: 'node' | 'packages';
  /** Its Containerfile and what lies beside it. */
  readonly folder: string;
  /** Files of the checkout, relative to its root, that go into `app/`. */
  readonly sources: readonly string[];
  /** Other files, by their names in the context. */
  readonly files: Readonly<Record<string, string>>;
}

/** Paths of programs that go into images; those that there are. */
export interface ImagePrograms {
  readonly etcd: string;
  readonly previousEtcd: string | undefined;
  readonly toxiproxy: string | undefined;
}

export const packages: Recipe = {
  name: 'gatecrash-packages',
  of: "the gateway's packages",
  base: 'node',
  folder: imageFolder('packages'),
  sources: ['package-lock.json', 'gateway/package.json'],
  files: {},
};

/** Throws IMAGE_NOT_BUILT for a name that is none of ours, or of which the program is missing. */
export function recipeOf(name: string, programs: ImagePrograms): Recipe {
  if (!existsSync(imageFolder('node')))
    throw new HarnessError('IMAGE_NOT_BUILT', `images are made in a checkout, and ${root} is none`, {
      hint: 'run gatecrash from a clone of its repository, or leave --runtime docker out',
    });
  switch (name) {
    case ownImages.pod:
      return { name, of: 'the pod', base: 'node', folder: imageFolder('pod'), sources: [], files: {} };
    case ownImages.etcd:
      return etcd(name, 'etcd', programs.etcd);
    case ownImages.previousEtcd:
      return etcd(name, 'the etcd of the version before', programs.previousEtcd);
    case ownImages.gateway:
      return onPackages(name, 'the gateway', 'gateway', ['gateway/**']);
    case ownImages.watchProxy: {
      const sources = [
        'gateway/{watch-proxy,etcd}/**',
        'gateway/{settings-reader,exit-codes}.ts',
        'gateway/package.json',
      ];
      return onPackages(name, 'the watch proxy', 'watch-proxy', sources);
    }
    case ownImages.parts: {
      const sources = ['package.json', 'scenarios/**', 'harness/{model,control,etcd-link,upstream,network,faults}/**'];
      return onPackages(name, 'etcd link, upstream and storms', 'parts', sources);
    }
    case ownImages.toxiproxy: {
      const files = { 'toxiproxy-server': needed(name, programs.toxiproxy) };
      const sources = ['package.json', 'harness/{model,control,network}/**'];
      return { ...onPackages(name, 'toxiproxy', 'toxiproxy', sources), files };
    }
    default:
      throw new HarnessError('IMAGE_NOT_BUILT', `${name} is no image of ours`);
  }
}

/** Path of a file of the checkout. */
export function inCheckout(file: string): string {
  return path.join(root, file);
}

function etcd(name: string, of: string, program: string | undefined): Recipe {
  return { name, of, base: 'node', folder: imageFolder('etcd'), sources: [], files: { etcd: needed(name, program) } };
}

function onPackages(name: string, of: string, folder: string, sources: readonly string[]): Recipe {
  return { name, of, base: 'packages', folder: imageFolder(folder), sources: filesOf(sources), files: {} };
}

function needed(name: string, program: string | undefined): string {
  if (program !== undefined) return program;
  throw new HarnessError('IMAGE_NOT_BUILT', `${name} cannot be made: its program is not there (gatecrash doctor)`);
}

function filesOf(patterns: readonly string[]): readonly string[] {
  const all = globSync([...patterns], { cwd: root, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const relative = files.map((file) => path.relative(root, file)).toSorted();
  return relative.filter((file) => !/(?:^|\/)node_modules\/|^gateway\/images\//.test(file));
}

function imageFolder(name: string): string {
  return path.join(root, 'gateway/images', name);
}
