/** CPU profiles as trees, their difference, and as pictures. */
import { describe, expect, it } from 'vitest';
import { callTree, functionsOf } from '../../../harness/reporters/html/flame/call-tree.ts';
import { flameSection } from '../../../harness/reporters/html/flame/flame-section.ts';
import { flameGraph } from '../../../harness/reporters/html/flame/flame-graph.ts';
import { culprit, moved } from '../../../harness/reporters/html/flame/growth.ts';
import { type Stack, cpuProfile } from '../../support/cpu-profile.ts';

const serve = 'serve@file:///x/gateway/proxy/proxy.ts';
const apply = 'apply@file:///x/gateway/routing/router.ts';
const rebuild = 'rebuild@file:///x/gateway/mutants/router/rebuilding.ts';
const read = 'onread@node:internal/stream_base_commons';
const send = 'send@file:///x/node_modules/undici/lib/client.js';

const usual: readonly Stack[] = [[[read, serve], 100], [[read, serve, send], 50], [[apply], 10], [['(idle)'], 800]]; // prettier-ignore
const stable = callTree([cpuProfile(...usual)]);
const canary = callTree([cpuProfile(...usual, [[apply, rebuild, apply], 200], [[apply, rebuild], 100])]);

describe('a tree of calls', () => {
  it('has milliseconds a second of one worker, without the time in which it waited', () => {
    const other = callTree([cpuProfile(...usual), cpuProfile([[read, serve], 40])]);
    expect([stable.total, other.total]).toEqual([160, 100]);
    const [top] = other.children;
    expect(top).toMatchObject({ name: 'onread', owner: 'node', total: 95 });
    expect(top?.children[0]).toMatchObject({
      name: 'serve',
      place: 'gateway/proxy/proxy.ts:10',
      owner: 'own',
      self: 70,
    });
    expect(top?.children[0]?.children[0]).toMatchObject({ owner: 'library', place: 'undici/lib/client.js:10' });
  });

  it('counts a recursion once', () => {
    const all = functionsOf(canary);
    expect(all.get('apply gateway/routing/router.ts')).toMatchObject({ total: 310, self: 210 });
  });
});

describe('what grew', () => {
  it('is found by the calls that lead to it', () => {
    expect(culprit(stable, canary).map(({ name }) => name)).toEqual(['apply', 'rebuild', 'apply']);
    expect(moved(stable, canary)[0]).toMatchObject({ name: 'apply', stable: { self: 10 }, canary: { self: 210 } });
  });

  it('is nothing between equal builds, or when the canary takes less', () => {
    expect([culprit(stable, stable), culprit(canary, stable)]).toEqual([[], []]);
  });
});

describe('a flame graph', () => {
  const taken = (['stable', 'canary'] as const).map((arm) => ({
    scenario: 'route-flood',
    arm,
    worker: '1',
    file: `profiles/route-flood-1-${arm}/1.cpuprofile`,
    profile: cpuProfile(...usual, ...(arm === 'canary' ? [[[apply, rebuild], 300] as const] : [])),
  }));

  it('of a build that sorts on every change names the rebuild in words, in the graph and in the table', () => {
    const { markup } = flameSection('route-flood', taken) ?? { markup: '' };
    expect(markup).toMatch(/Most of the 300 ms more is under .*<code>rebuild<\/code><\/strong> \([^)]*rebuilding\.ts:10\), which takes\s+300 ms/); // prettier-ignore
    expect(markup).toMatch(/fill="var\(--more-3\)"\/><text[^>]*>\+300 rebuild</);
    expect(markup).toMatch(
      /<th scope="row"><code>rebuild<\/code><\/th><td><code>[^<]*<\/code><\/td><td>0<\/td><td>300</,
    );
    expect(markup.match(/<figure class="flames">/g)).toHaveLength(3);
    expect(flameSection('watch-cut', taken)).toBeUndefined();
  });

  it('of one arm alone is shown without a difference', () => {
    const { markup } = flameSection('route-flood', taken.slice(1)) ?? { markup: '' };
    expect([markup.match(/<figure/g)?.length, markup.includes('against stable')]).toEqual([1, false]);
  });

  it('shows hostile names as text, and leaves out what is too narrow to see', () => {
    const nasty = '<script>alert(1)</script>"';
    const tree = callTree([cpuProfile([[nasty], 900], ...Array.from({ length: 5_000 }, (_, i): Stack => [[`f${i}`], 1]))]); // prettier-ignore
    const { markup } = flameGraph({ title: nasty, description: nasty, tree, widest: tree.total });
    expect(markup).not.toContain('<script');
    expect(markup.match(/<rect/g)).toHaveLength(1);
  });
});
