/** A route that names its upstream finds it whenever it comes. */
import { expect, test } from 'vitest';
import { createRouter } from '../../../gateway/routing/router.ts';
import { put, request as asking, route, upstream } from './route.ts';

const request = asking('GET', 'localhost', '/');
const named = put({ ...route('r', {}), upstream: undefined, upstreamId: 'u' });

test('a route whose upstream is missing matches without one, and works once it is there', () => {
  const router = createRouter();
  router.apply([named]);
  expect(router.match(request)).toMatchObject({ route: { id: 'r' }, upstream: undefined });
  router.apply([{ kind: 'upstream', op: 'put', id: 'u', value: upstream }]);
  expect(router.match(request)?.upstream).toBe(upstream);
});

test('a deleted upstream is gone for its routes', () => {
  const router = createRouter();
  router.apply([{ kind: 'upstream', op: 'put', id: 'u', value: upstream }, named]);
  router.apply([{ kind: 'upstream', op: 'delete', id: 'u' }]);
  expect(router.match(request)).toMatchObject({ route: { id: 'r' }, upstream: undefined });
});

test('an unrelated change keeps the upstream object, and with it the turns of its nodes', () => {
  const router = createRouter();
  router.apply([{ kind: 'upstream', op: 'put', id: 'u', value: upstream }, named]);
  router.apply([put(route('other', { uris: ['/other'] }))]);
  expect(router.match(request)?.upstream).toBe(upstream);
});
