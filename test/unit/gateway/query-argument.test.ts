/** Arguments of a query, against the parser of the URL standard. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { queryArgument } from '../../../gateway/proxy/query-argument.ts';

function byStandard(query: string, name: string): string | undefined {
  return new URLSearchParams(query).get(name) ?? undefined;
}

/** Few pieces, so that names repeat, are beginnings of each other, and meet the marks that divide them. */
const pieces = ['a', 'b', 'ü', '=', '&', '?', '%', '+', '%61', '%zz', '%C3%BC', '#', ' '];
const text = fc.string({ unit: fc.constantFrom(...pieces) });
const name = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '=', '&', '?', ' '), maxLength: 3 });

test('it finds what the URL standard finds, in every query', () => {
  fc.assert(
    fc.property(text, name, (rest, wanted) => {
      const query = rest === '' ? '' : `?${rest}`;
      expect(queryArgument(query, wanted)).toBe(byStandard(query, wanted));
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['', 'a', undefined],
  ['?', '', undefined],
  ['?a', 'a', ''],
  ['?a=', 'a', ''],
  ['?a=1&a=2', 'a', '1'],
  ['?ab=1&a=2', 'a', '2'],
  ['?b&a=1=2', 'a', '1=2'],
  ['?&&=1', '', '1'],
  ['?%61=1&a=2', 'a', '1'],
  ['?a=x+y', 'a', 'x y'],
])('%j has %j: %j', (query, name, value) => {
  expect(queryArgument(query, name)).toBe(value);
});
