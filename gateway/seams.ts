/** The seams at which a build can differ: a mutant wraps one of these, and nothing else of the gateway knows of it. */
import type { Logger } from 'pino';
import { type EtcdClient, connectEtcd } from './config/etcd-client.ts';
import type { EtcdAccess } from './etcd/access.ts';
import { type ResumePolicy, resumeWhereDelivered } from './etcd/sync-loop.ts';
import { type Router, createRouter } from './routing/router.ts';

export interface Seams {
  readonly connectEtcd: (access: EtcdAccess) => EtcdClient;
  readonly createRouter: () => Router;
  readonly resumePolicy: (context: PolicyContext) => ResumePolicy;
  /** Milliseconds for a response, called once a request; undefined when nothing is to be said. */
  readonly accessLog: ((log: Logger) => AccessLog) | undefined;
}

export interface PolicyContext {
  readonly client: EtcdClient;
  /** Empties the configuration in force. */
  readonly clear: () => void;
}

export type AccessLog = (entry: { readonly method: string; readonly path: string; readonly status: number }) => void;

export const clean: Seams = {
  connectEtcd,
  createRouter,
  resumePolicy: () => resumeWhereDelivered,
  accessLog: undefined,
};
