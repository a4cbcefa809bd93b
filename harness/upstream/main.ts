/** The echo upstream as a process: where requests come, and where it is controlled. */
import { readFileSync } from 'node:fs';
import { controlOf } from './control.ts';
import { Echo, type EchoCertificate } from './echo.ts';
import { serveNames } from './names.ts';

const addressTaken = 3;

function address(name: string): URL {
  const value = process.env[name];
  if (value === undefined || !URL.canParse(value)) throw new Error(`${name} must be an http:// address`);
  return new URL(value);
}

function certificate(): EchoCertificate | undefined {
  const { UPSTREAM_CERT: cert, UPSTREAM_KEY: key } = process.env;
  if (cert === undefined || key === undefined) return undefined;
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

function taken(place: URL): (error: Error) => never {
  return (error) => {
    process.stderr.write(`cannot listen on ${place.origin}: ${error.message}\n`);
    process.exit(addressTaken);
  };
}

const [listen, controlled] = [address('UPSTREAM_LISTEN'), address('UPSTREAM_CONTROL')];
const echo = new Echo(listen, certificate());
await echo.open().catch(taken(listen));
if (process.env['UPSTREAM_NAMES'] !== undefined) {
  const names = address('UPSTREAM_NAMES');
  await serveNames(names, () => echo.told()).catch(taken(names));
}
const control = controlOf(echo, Number(process.env['UPSTREAM_HEARTBEAT_MS']));
control.once('error', taken(controlled)).listen(Number(controlled.port), controlled.hostname);
// The harness holds the other end of stdin: when it is gone, so is the upstream.
process.stdin.resume().once('end', () => process.exit(0));
