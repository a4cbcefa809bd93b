/** Builds the pinned etcd with the host's Go; `go.sum` vouches for every module. */
import path from 'node:path';
import { command } from './command.ts';
import { type Way, onPath } from './found-tool.ts';
import { pins } from './pins.ts';
import { builtEtcd, goModule } from './places.ts';

/** A build on two cores takes about a minute; a slow host and a cold module cache some more. Milliseconds. */
const withinMs = 15 * 60_000;

export const buildWithGo: Way = async (progress) => {
  const go = onPath('go');
  if (go === undefined) return { why: 'go is not on PATH' };
  progress(`building etcd ${pins.etcd.version} with Go into ${path.dirname(builtEtcd)} (about a minute, once)`);
  // An older Go fetches the toolchain that go.mod asks for, unless the host forbids it.
  const env = { CGO_ENABLED: '0', GOTOOLCHAIN: process.env['GOTOOLCHAIN'] ?? 'auto', GOWORK: 'off' };
  const args = ['build', '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', builtEtcd, '.'];
  const { ok, why } = await command(go, args, { cwd: goModule, env, withinMs });
  return ok ? { file: builtEtcd } : { why };
};
