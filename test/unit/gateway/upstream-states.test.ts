/** What lives as long as an upstream's holder. */
import { expect, test } from 'vitest';
import type { Upstream } from '../../../gateway/config/config-objects.ts';
import { UpstreamStates } from '../../../gateway/upstream/upstream-states.ts';
import { put, remove, route, upstream } from './route.ts';

function held(key: string): Upstream {
  return { ...upstream, key };
}

test('a new value of its holder keeps the state, a deleted holder takes it along', () => {
  const states = new UpstreamStates();
  const state = states.of(held('routes/1'));
  states.apply([put(route('1', { upstream: held('routes/1') }))]);
  expect(states.of(held('routes/1'))).toBe(state);
  states.apply([remove('1')]);
  expect(states.of(held('routes/1'))).not.toBe(state);
});

test('a route that names an upstream in place of its own loses the state of its own', () => {
  const states = new UpstreamStates();
  const state = states.of(held('routes/1'));
  states.apply([put(route('1', { upstream: undefined, upstreamId: 'u' }))]);
  expect(states.of(held('routes/1'))).not.toBe(state);
});

test('what a plugin of the route holds goes with the route, and no other', () => {
  const states = new UpstreamStates();
  const own = states.of(held('routes/1#split-0'));
  const another = states.of(held('routes/10#split-0'));
  states.apply([put(route('1', {}))]);
  expect(states.of(held('routes/1#split-0'))).toBe(own);
  states.apply([remove('1')]);
  expect(states.of(held('routes/1#split-0'))).not.toBe(own);
  expect(states.of(held('routes/10#split-0'))).toBe(another);
});
