/** The echo upstream as a process: where requests come, and where it is controlled. */
import { controlOf } from './control.ts';
import { Echo } from './echo.ts';
import { serveNames } from './names.ts';

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

const [listen, controlled] = [address('UPSTREAM_LISTEN'), address('UPSTREAM_CONTROL')];
const echo = new Echo(listen);
await echo.open().catch(taken(listen));
if (process.env['UPSTREAM_NAMES'] !== undefined) {
  const names = address('UPSTREAM_NAMES');
  await serveNames(names, () => echo.told()).catch(taken(names));
}
const control = controlOf(echo, Number(process.env['UPSTREAM_HEARTBEAT_MS']));
control.once('error', taken(controlled)).listen(Number(controlled.port), controlled.hostname);
// The harness holds the other end of stdin: when it is gone, so is the upstream.
process.stdin.resume().once('end', () => process.exit(0));
