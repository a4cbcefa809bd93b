/**
 * The front of a trial in which gateways are upgraded, as a load balancer stands before them: new connections go to the
 * gateway that it leads to, those that are open stay where they are. Bytes pass as they come.
 */
import { type Socket, connect, createServer } from 'node:net';
import { createControl } from '../../control/server.ts';

const addressTaken = 3;

function address(name: string): URL {
  const value = process.env[name];
  if (value === undefined || !URL.canParse(value)) throw new Error(`${name} must be an http:// address`);
  return new URL(value);
}

function taken(place: URL): (error: Error) => never {
  return (error) => {
    process.stderr.write(`cannot listen on ${place.origin}: ${error.message}\n`);
    process.exit(addressTaken);
  };
}

const [listen, controlled, first] = [address('FRONT_LISTEN'), address('FRONT_CONTROL'), address('FRONT_FIRST')];
let leadsTo = first;

const front = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
  const far = connect({ host: leadsTo.hostname, port: Number(leadsTo.port), allowHalfOpen: true, noDelay: true });
  join(near, far);
  join(far, near);
});

/** What comes of one goes to the other: bytes, an end, a reset. A gateway that refuses is a connection that is reset. */
function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.once('error', () => to.resetAndDestroy());
  from.once('close', () => to.destroySoon());
}

const controls = {
  'POST /lead': (body: unknown) => {
    const { to } = body as { readonly to?: string };
    leadsTo = to === undefined ? first : new URL(to);
    return {};
  },
};
// It leads where it was told to, whether the harness is there or not: nothing is broken by that.
const itself = { name: 'the front', broken: () => false, heal: () => undefined };
const control = createControl(controls, itself, Number(process.env['FRONT_HEARTBEAT_MS']));
front.once('error', taken(listen)).listen(Number(listen.port), listen.hostname);
control.once('error', taken(controlled)).listen(Number(controlled.port), controlled.hostname);
// The harness holds the other end of stdin: when it is gone, so is the front.
process.stdin.resume().once('end', () => process.exit(0));
