/** What can be asked of the link: faults on and off, and what passed. */
import type { Server } from 'node:http';
import { isByzantine } from '../../scenarios/byzantine.ts';
import type { LinkFault } from '../../scenarios/link-faults.ts';
import { createControl as controlServer } from '../control/server.ts';
import type { ShownCertificate } from '../model/etcd-link.ts';
import type { Board } from './board.ts';
import type { Certificates } from './certificates.ts';
import { isLinkFaultKind } from './ways.ts';

export function createControl(board: Board, certificates: Certificates, heartbeatMs: number): Server {
  const heal = (): void => {
    board.heal();
    certificates.heal();
  };
  const controls = {
    'GET /counters': () => board.counters(),
    'POST /faults': (body: unknown) => {
      const { fault, seed = 0 } = body as { fault?: unknown; seed?: number };
      board.inject(faultOf(fault), seed);
      return {};
    },
    'POST /heal': (body: unknown) => {
      const { fault } = body as { fault?: unknown };
      if (fault === undefined) heal();
      else board.heal(faultOf(fault));
      return {};
    },
    'POST /certificate': (body: unknown) => {
      certificates.show((body as { show: ShownCertificate }).show);
      return {};
    },
  };
  const link = { name: 'the link', broken: () => board.broken || certificates.broken, heal };
  return controlServer(controls, link, heartbeatMs);
}

function faultOf(value: unknown): LinkFault {
  const { kind } = (value ?? {}) as { kind?: unknown };
  if (!isLinkFaultKind(kind)) throw new TypeError(`${JSON.stringify(kind)} is no fault of the etcd link`);
  // Its other fields are the scenario language's, which is checked before a trial.
  const fault = value as LinkFault;
  if (isByzantine(fault) && !fault.breaksPromisesOfEtcd) {
    throw new TypeError(`${kind} breaks promises of etcd: breaksPromisesOfEtcd has to be true`);
  }
  return fault;
}
