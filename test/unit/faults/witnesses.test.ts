/** Every kind of fault has a test that sees it take hold and go, by other means than its injector's. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { injectors } from '../../../harness/faults/index.ts';

test('each kind is played by a test with real processes', () => {
  const tests = globSync('test/runtime/faults/**/*.test.ts').map((file) => readFileSync(file, 'utf8'));
  const kinds = Object.keys(injectors);
  expect(kinds.length).toBeGreaterThan(70);
  expect(kinds.filter((kind) => !tests.some((text) => text.includes(`'${kind}'`)))).toEqual([]);
});
