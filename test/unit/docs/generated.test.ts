import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { generated } from '../../../bench/fanout/document.ts';

test.each([...generated()].map(([file, text]) => [path.basename(file), file, text]))(
  '%s says what the committed measurements say (make docs)',
  (_name, file, text) => {
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);
