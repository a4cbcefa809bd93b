/**
 * Stands in for k6 where there is none: its command line, its constant-arrival-rate with so many virtual users and no more, and
 * its lines. It plays the scripts that the harness made. How k6 itself behaves is not to be learnt from it.
 */
import { Agent, request } from 'node:http';
import path from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { line } from './line.ts';
import { type FromUser, type Options, type Tags, type ToUser, lengthOf, nowMs } from './messages.ts';

/** As often as k6 writes its samples. Milliseconds. */
const flushMs = 200;

const [command, ...args] = process.argv.slice(2);
if (command === 'version') {
  process.stdout.write('k6 v2.2.0 (a stand-in)\n');
  process.exit();
}
const script = path.resolve(args.at(-1) ?? '');
const given = args.flatMap((arg, index) => (arg === '-e' ? [(args[index + 1] ?? '').split(/=(.*)/s)] : []));
const environment = Object.fromEntries(given.map(([name = '', value = '']) => [name, value]));
let written: string[] = [];
setInterval(() => {
  process.stdout.write(written.join(''));
  written = [];
}, flushMs);

interface User {
  readonly options: Options;
  run(message: ToUser): Promise<unknown>;
}

async function startUser(number: number): Promise<User> {
  const { port1: port, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { script, environment, port: port2, answered };
  const worker = new Worker(path.join(import.meta.dirname, 'user.ts'), { workerData, transferList: [port2] });
  worker.once('error', (error) => {
    process.stderr.write(`level=error msg="${error.message}"\n`);
    process.exit(107);
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ready = Promise.withResolvers<Options>();
  let done = Promise.withResolvers<unknown>();
  port.on('message', (message: FromUser) => {
    switch (message.kind) {
      case 'ready':
        return ready.resolve(message.options);
      case 'done':
        return done.resolve(message.data);
      case 'sample':
        return void written.push(line(message.metric, message.atMs, message.value, message.tags, number));
      case 'get':
        return void get(message.url, lengthOf(message.timeout), agent).then(({ lines, answer }) => {
          written.push(...lines(number));
          port.postMessage(answer);
          Atomics.store(answered, 0, 1);
          Atomics.notify(answered, 0);
        });
    }
  });
  const run = (message: ToUser): Promise<unknown> => {
    done = Promise.withResolvers<unknown>();
    port.postMessage(message);
    return done.promise;
  };
  return { options: await ready.promise, run };
}

interface Got {
  readonly answer: ToUser;
  readonly lines: (user: number) => readonly string[];
}

function get(url: string, timeoutMs: number, agent: Agent): Promise<Got> {
  const startedMs = nowMs();
  return new Promise((resolve) => {
    const end = (status: number, body: string | null, more: Tags = {}): void => {
      const endMs = nowMs();
      const tags = { status: String(status), expected_response: String(status >= 200 && status < 400), ...more };
      resolve({
        answer: { kind: 'answer', status, body },
        lines: (user) => [
          line('http_reqs', endMs, 1, tags, user),
          line('http_req_duration', endMs, endMs - startedMs, tags, user),
          line('http_req_blocked', endMs, 0, tags, user),
        ],
      });
    };
    const outgoing = request(url, { agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => (body += chunk));
      response.once('end', () => end(response.statusCode ?? 0, body));
    });
    // Longer than a timer can be is as good as never.
    const timer = setTimeout(() => outgoing.destroy(new Error('timeout')), Math.min(timeoutMs, 2 ** 31 - 1));
    outgoing.once('close', () => clearTimeout(timer));
    outgoing.once('error', ({ message }) => end(0, null, { error_code: message === 'timeout' ? '1050' : '1220' }));
    outgoing.end();
  });
}

const first = await startUser(1);
const { rate, timeUnit, maxVUs } = first.options.scenarios.load;
const users = [first, ...(await Promise.all(Array.from({ length: maxVUs - 1 }, (_, index) => startUser(index + 2))))];
const data = await first.run({ kind: 'setup' });
const free = [...users];
const [periodMs, startMs] = [lengthOf(timeUnit) / rate, nowMs()];
let [due, begun] = [0, 0];
setInterval(() => {
  for (; startMs + due * periodMs <= nowMs(); due++) {
    const user = free.shift();
    if (user === undefined) written.push(line('dropped_iterations', nowMs(), 1));
    else void user.run({ kind: 'iterate', number: begun++, data }).then(() => free.push(user));
  }
}, 1);
