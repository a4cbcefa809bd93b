/** A companion as a workload beside the gateway for which it carries routes. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { companionName } from '../../model/errors.ts';
import type { GatewaySettings, Workload } from '../../model/ports.ts';
import type { Carried } from './carry.ts';

/** `entry`: its program; `folder`: where it finds what it is told, which is `more` besides what it carries. */
export function companionWorkload(
  entry: string,
  folder: string,
  { etcd, etcdUser, etcdCa, prefix, watchTimeoutMs }: GatewaySettings,
  more: object,
): Workload {
  const access = { user: etcdUser?.name, password: etcdUser?.password, ca: etcdCa };
  const carried: Carried = { etcd: { etcd: etcd.origin, ...access, prefix }, readAgainMs: watchTimeoutMs };
  const spec = path.join(folder, 'companion.json');
  writeFileSync(spec, JSON.stringify({ ...more, ...carried }));
  return { name: companionName, command: process.execPath, args: [entry, spec], env: {} };
}
