/** One probe of a node: what an active check sends, and what the answer says. */
import { type RequestOptions, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type LookupFunction, connect } from 'node:net';
import type { ActiveCheck, Node, Upstream } from '../../config/config-objects.ts';
import { serverNameOf } from '../server-name.ts';
import { type Evidence, evidenceOf } from './thresholds.ts';

type Lookup = LookupFunction | undefined;

/** Never rejects. Undefined for a status that is neither good nor bad. */
export function probe(
  node: Node,
  upstream: Upstream,
  check: ActiveCheck,
  lookup: Lookup,
): Promise<Evidence | undefined> {
  const host = node.host.replace(/^\[(.*)\]$/, '$1');
  const address = { host, port: check.port ?? node.port, ...(lookup === undefined ? {} : { lookup }) };
  const start = check.type === 'tcp' ? tcpProbe(address) : httpProbe(address, node, upstream, check);
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish('timeout'), check.timeoutMs);
    const stop = start((evidence) => finish(evidence));
    const finish = (evidence: Evidence | undefined): void => {
      clearTimeout(timer);
      stop();
      resolve(evidence);
    };
  });
}

interface Address {
  readonly host: string;
  readonly port: number;
  readonly lookup?: LookupFunction;
}

/** Begins; tells what it found, and returns how to end it. */
type Start = (found: (evidence: Evidence | undefined) => void) => () => void;

function tcpProbe(address: Address): Start {
  return (found) => {
    const socket = connect(address);
    socket.once('connect', () => found('success')).on('error', () => found('tcp'));
    return () => socket.destroy();
  };
}

function httpProbe(address: Address, node: Node, upstream: Upstream, check: ActiveCheck): Start {
  const named = check.host ?? (upstream.passHost === 'rewrite' ? upstream.upstreamHost : undefined);
  const host = named ?? `${node.host}:${address.port}`;
  const headers: Record<string, string> = { host };
  for (const line of check.headers) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon)] = line.slice(colon + 1).trim();
  }
  // A connection of its own each time: what is asked is whether the node takes new ones.
  const options: RequestOptions = { ...address, path: check.path, headers, agent: false };
  const { clientCert, clientKey } = upstream.tls;
  const secured = {
    ...options,
    rejectUnauthorized: check.verify,
    servername: serverNameOf(host) ?? '',
    ...(clientCert === undefined || clientKey === undefined ? {} : { cert: clientCert, key: clientKey }),
  };
  return (found) => {
    const request = check.type === 'https' ? httpsRequest(secured) : httpRequest(options);
    request.once('response', (response) => found(evidenceOf(response.statusCode ?? 0, check)));
    request.on('error', () => found('tcp')).end();
    return () => request.destroy();
  };
}
