/** Progress of a run: one line on a terminal, plain lines elsewhere, always with the time that is left. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress, type Progress, type Talk } from '../../../harness/reporters/progress.ts';

interface Shown {
  readonly progress: Progress;
  readonly written: readonly string[];
}

function shown(tty: boolean, columns = 80, talk: Talk = 'usual'): Shown {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text), columns };
  return { progress: createProgress({ stream, tty, talk }), written };
}

/** What stands in the line of a terminal now. */
function line({ written }: Shown): string {
  return written.join('').split('\r\u001B[2K').at(-1)?.split('\n').at(-1) ?? '';
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function twoOfFour({ progress }: Shown): void {
  progress.start(4, 40_000);
  for (const arm of ['stable', 'canary']) {
    progress.trial('route-flood', 1, arm, 10_000);
    progress.phase('route-flood', 1, arm, 'fault');
    vi.advanceTimersByTime(10_000);
    progress.finished('route-flood', 1, arm, 'completed', undefined);
  }
}

describe('elsewhere than on a terminal', () => {
  it('each trial gives one plain line with its outcome and the time left', () => {
    const out = shown(false);
    twoOfFour(out);
    out.progress.end();
    expect(out.written).toEqual([
      '4 trials planned, about 40 s\n',
      '  10 s  route-flood block 1 stable  completed  ( 25 %, 1 of 4 trials, about 30 s left)\n',
      '  20 s  route-flood block 1 canary  completed  ( 50 %, 2 of 4 trials, about 20 s left)\n',
    ]);
  });

  it('an invalid trial says why, in one line that steers nothing', () => {
    const out = shown(false);
    out.progress.start(1, 1_000);
    out.progress.finished('none', 1, 'twin', 'invalid', 'etcd \u001B[2Jdied\nlog\nlog');
    expect(out.written.at(-1)).toContain('invalid: etcd died  (');
  });
});

describe('on a terminal', () => {
  it('one line follows the trial and the clock, and fits the width', () => {
    const out = shown(true, 60);
    out.progress.start(4, 40_000);
    out.progress.trial('route-flood', 1, 'stable', 10_000);
    out.progress.phase('route-flood', 1, 'stable', 'fault');
    expect(line(out)).toMatch(/^ {2}0 %, 0 of 4 trials, about 40 s left {3}route-flood/);
    vi.advanceTimersByTime(4_000);
    expect(line(out)).toContain(' 10 %, 0 of 4 trials, about 36 s left');
    expect(line(out).length).toBeLessThan(60);
  });

  it('remarks stay above the line', () => {
    const out = shown(true);
    twoOfFour(out);
    out.progress.note('the host is busy');
    expect(out.written.join('')).toContain('the host is busy\n\r');
    expect(line(out)).toContain('2 of 4 trials');
  });

  it('the line is gone at the end, and nothing is drawn after it', () => {
    const out = shown(true);
    twoOfFour(out);
    out.progress.end();
    const count = out.written.length;
    vi.advanceTimersByTime(60_000);
    expect(out.written).toHaveLength(count);
    expect(line(out)).toBe('');
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('a plan that proves too short is believed no longer', () => {
  const out = shown(false);
  out.progress.start(4, 10_000);
  out.progress.trial('none', 1, 'stable', 2_500);
  vi.advanceTimersByTime(20_000);
  out.progress.finished('none', 1, 'stable', 'completed', undefined);
  expect(out.written.at(-1)).toContain('about 60 s left');
});

it('trials that run side by side and end together move neither share nor time left back', () => {
  const out = shown(false);
  out.progress.start(6, 20_000);
  const arms = ['stable', 'twin', 'canary'];
  for (const block of [1, 2]) {
    for (const arm of arms) out.progress.trial('none', block, arm, 10_000 / 3);
    vi.advanceTimersByTime(12_000);
    for (const arm of arms) out.progress.finished('none', block, arm, 'completed', undefined);
  }
  const shares = out.written.slice(1).map((text) => /\( *(\d+) %/.exec(text)?.[1]);
  expect(shares).toEqual(['60', '60', '60', '99', '99', '100']);
  expect(out.written[3]).toContain('about 12 s left');
});

it('a block more than planned is planned for when it begins', () => {
  const out = shown(false);
  out.progress.start(1, 10_000);
  for (const block of [1, 2]) {
    out.progress.trial('none', block, 'stable', 10_000);
    vi.advanceTimersByTime(10_000);
    if (block === 2) out.progress.phase('none', 2, 'stable', 'settle');
    out.progress.finished('none', block, 'stable', 'completed', undefined);
  }
  expect(out.written.slice(1).map((text) => text.slice(text.indexOf('(')))).toEqual([
    '(100 %, 1 of 1 trials, judging)\n',
    '(100 %, 2 of 2 trials, judging)\n',
  ]);
});

it('quiet says remarks only, and starts no timer', () => {
  const out = shown(true, 80, 'quiet');
  twoOfFour(out);
  out.progress.note('the host is busy');
  out.progress.end();
  expect(out.written.join('')).toBe('the host is busy\n');
  expect(vi.getTimerCount()).toBe(0);
});

it('verbose keeps every phase as a line', () => {
  const out = shown(false, 80, 'verbose');
  twoOfFour(out);
  expect(out.written.filter((text) => text.endsWith('  fault\n'))).toEqual([
    '   0 s  route-flood 1 stable  fault\n',
    '  10 s  route-flood 1 canary  fault\n',
  ]);
});
