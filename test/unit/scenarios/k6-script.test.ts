/** A load that k6 sends: in the plan and its hash, with the script itself, and every mistake where it stands. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { Mistakes } from '../../../harness/commands/mistakes.ts';
import { withLoad } from '../../../harness/commands/question.ts';
import { replayCommand } from '../../../harness/commands/replay-command.ts';
import { arms, type Plan } from '../../../harness/model/plan.ts';
import { makePlan } from '../../../harness/run/make-plan.ts';
import { loadScenario } from '../../../harness/scenario-files/load-scenario.ts';
import { scenarioMistakes } from '../../../scenarios/check.ts';
import { engineOf } from '../../../scenarios/load-engine.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { none } from '../../../scenarios/steady/none.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-script-'));
afterAll(() => rmSync(folder, { recursive: true }));

const good = "import http from 'k6/http';\nexport default function () {\n  http.get(__ENV.GATECRASH_TARGET);\n}\n";

/** The scenario with that load, from a file in the folder of the script. */
async function loaded(load: object, script?: string): Promise<Scenario | readonly string[]> {
  if (script !== undefined) writeFileSync(path.join(folder, 'mine.js'), script);
  const file = path.join(folder, 'scenario.yaml');
  writeFileSync(file, stringify({ ...none, load: { ...none.load, ...load } }));
  return loadScenario(file);
}

const planOf = (scenario: Scenario): Plan => {
  const build = { name: 'reference@.', gateway: 'reference', version: '.', variants: [] };
  const builds = { stable: build, twin: build, canary: build };
  return makePlan({ scenarios: [scenario], builds, arms, looks: [{ blocks: 3, alpha: 0.05 }], seed: 7 });
};

describe('a script of the user', () => {
  it('is read from beside its scenario, and is k6’s to play', async () => {
    const scenario = (await loaded({ script: 'mine.js' }, good)) as Scenario;
    expect(scenario.load.script).toBe(good);
    expect(engineOf(scenario.load)).toBe('k6');
    expect(scenarioMistakes(scenario)).toEqual([]);
  });

  it('moves the hash of the plan with each of its letters', async () => {
    const one = (await loaded({ script: 'mine.js' }, good)) as Scenario;
    const other = (await loaded({ script: 'mine.js' }, good.replace('TARGET', 'ROUTES'))) as Scenario;
    expect(new Set([one, other, none].map((scenario) => planOf(scenario).hash)).size).toBe(3);
  });

  it.each([
    ['a wrong word', `${good}\nexport const x = ;\n`, /mine\.js:6: SyntaxError: Unexpected token/],
    [
      'a file of its own',
      `${good}\nimport { x } from './lib.js';\n`,
      /mine\.js:6: it needs "\.\/lib\.js", which is no module/,
    ],
    ['something from afar', `import 'https://jslib.k6.io/x.js';\n${good}`, /mine\.js:1: it needs "https:/],
    ['a file that it opens', `const data = open('data.json');\n${good}`, /mine\.js:1: it needs "data\.json"/],
    ['nothing to play', 'export const options = {};\n', /mine\.js:1: it exports no default function/],
  ])('with %s is refused with its line', async (_, script, words) => {
    const mistakes = (await loaded({ script: 'mine.js' }, script)) as readonly string[];
    expect(mistakes.join('\n')).toMatch(words);
  });

  it('that is not there is told where it is named, with the other mistakes of the scenario', async () => {
    const mistakes = (await loaded({ script: 'nowhere.js', connections: 0 })) as readonly string[];
    expect(mistakes).toEqual([
      expect.stringMatching(/scenario\.yaml:\d+:\d+: there is no k6 script \S+nowhere\.js \(load\.script\)/),
      expect.stringMatching(/scenario\.yaml:\d+:\d+: .*connections must be a whole number from 1/),
    ]);
  });

  it('is for k6 alone, and has to be there in a plan that is replayed', async () => {
    expect(await loaded({ script: 'mine.js', engine: 'built-in' }, good)).toEqual([
      expect.stringContaining('its load says another engine'),
    ]);
    const named = { ...none, load: { ...none.load, script: 'mine.js' } };
    expect(scenarioMistakes(named)).toMatchObject([{ path: ['load', 'script'] }]);
    const mistakes = new Mistakes();
    withLoad([{ ...named, load: { ...named.load, script: good } }], 'built-in', mistakes);
    expect(mistakes.found()).toEqual(['--load built-in cannot play the k6 script of none']);
  });
});

describe('--load', () => {
  const sent = (name: string | undefined): readonly Scenario[] => withLoad([none], name, new Mistakes());

  it('is part of the plan, its hash, and the command that plays it again', () => {
    const [byK6 = none] = sent('k6');
    expect(engineOf(byK6.load)).toBe('k6');
    expect(planOf(byK6).hash).not.toBe(planOf(none).hash);
    expect(replayCommand(planOf(byK6), 'runs/1')).toMatch(/--scenario none --seed 7 --blocks 3 --load k6$/);
    expect(replayCommand(planOf(none), 'runs/1')).not.toContain('--load');
  });

  it('of the engine that would send it anyway changes nothing', () => {
    expect(sent('built-in')[0]).toBe(none);
    expect(sent(undefined)[0]).toBe(none);
  });

  it('of an unknown one is a mistake', () => {
    const mistakes = new Mistakes();
    withLoad([none], 'k5', mistakes);
    expect(mistakes.found()).toEqual(['unknown load engine "k5"; did you mean "k6"?']);
  });
});
