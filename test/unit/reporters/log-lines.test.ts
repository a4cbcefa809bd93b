/** Lines of logs in every form that a workload may print. */
import { expect, it } from 'vitest';
import { logLines } from '../../../harness/reporters/html/log-lines.ts';

const lines = (...text: readonly string[]): ReturnType<typeof logLines> =>
  logLines({ file: 'trials/x/logs/gateway.log', name: 'gateway', text: `${text.join('\n')}\n` });

it('reads the forms of pino and of etcd, with their level, their time and what they tell beside', () => {
  expect(lines('{"level":40,"time":1795799034810,"pid":5545,"worker":2,"msg":"watch lost"}')).toEqual([
    { timeMs: 1_795_799_034_810, level: 'warn', source: 'gateway', text: 'watch lost worker=2' },
  ]);
  const etcd =
    '{"level":"error","ts":"2026-11-27T17:03:50.613117Z","caller":"x.go:9","msg":"no leader","took":{"s":1}}';
  expect(lines(etcd)).toEqual([
    {
      timeMs: Date.parse('2026-11-27T17:03:50.613Z'),
      level: 'error',
      source: 'gateway',
      text: 'no leader took={"s":1}',
    },
  ]);
});

it('gives a line without a time that of the line before it, and finds its level in its words', () => {
  const told = lines('{"time":1795799034810,"level":30,"msg":"up"}', 'TypeError: x is not a function', '    at f (y.js:1)', '', '{"half'); // prettier-ignore
  expect(told.map(({ timeMs, level, text }) => [timeMs - 1_795_799_034_810, level, text])).toEqual([
    [0, 'info', 'up'],
    [0, 'error', 'TypeError: x is not a function'],
    [0, 'info', '    at f (y.js:1)'],
    [0, 'info', '{"half'],
  ]);
});
