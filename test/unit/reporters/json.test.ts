/** The JSON report: the verdict itself, with its context. */
import { expect, it } from 'vitest';
import { json } from '../../../harness/reporters/json.ts';
import { cases, context } from './cases.ts';

it('holds the verdict, the environment and the replay, and nothing of the place where it lies', () => {
  const { evidence, verdict } = cases.regression;
  const text = json.render(evidence, verdict, context);
  const { environment, replay } = context;
  expect(JSON.parse(text)).toEqual({ schema: 1, verdict, environment, replay });
  expect(json.render(evidence, verdict, { ...context, runFolder: '/elsewhere' })).toBe(text);
});
