/**
 * Toxiproxy with a guard: toxiproxy itself would outlive the harness with all its toxics. The guard heals it when the
 * heartbeat stops, and ends it with the harness.
 */
import { spawn } from 'node:child_process';
import { createControl } from '../control/server.ts';

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

const [api, control] = [new URL(setting('NETWORK_API')), new URL(setting('NETWORK_CONTROL'))];
const [program = ''] = process.argv.slice(2);
if (program === '') throw new Error('usage: node main.ts <toxiproxy-server>');
const toxiproxy = spawn(program, ['-host', api.hostname, '-port', api.port], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, LOG_LEVEL: 'warn' },
});
toxiproxy.once('error', (error) => {
  process.stderr.write(`toxiproxy could not be started: ${error.message}\n`);
  process.exit(1);
});
toxiproxy.once('exit', (code, signal) => {
  process.stderr.write(`toxiproxy ended with ${signal ?? `code ${code}`}\n`);
  process.exit(1);
});
const network = {
  name: 'toxiproxy',
  // It is not asked: to heal what is well changes nothing.
  broken: () => true,
  heal: () => void fetch(new URL('/reset', api), { method: 'POST' }).catch(() => undefined),
};
createControl({}, network, Number(setting('NETWORK_HEARTBEAT_MS'))).listen(Number(control.port), control.hostname);
// The harness holds the other end of stdin.
process.stdin.resume().once('end', () => {
  toxiproxy.removeAllListeners('exit').once('exit', () => process.exit(0));
  toxiproxy.kill('SIGKILL');
});
