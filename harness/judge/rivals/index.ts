/** The table of rivals, and what each says of a session. */
import type { Evidence } from '../../model/evidence.ts';
import type { ScenarioPlan } from '../../model/plan.ts';
import type { RivalDecision, RivalScenario, RivalVerdict, Said, SaidOfBoth } from '../../model/rivals.ts';
import { blocksOf, type Block } from '../blocks.ts';
import { isAlone } from '../alone.ts';
import { argo } from './argo.ts';
import { flagger } from './flagger.ts';
import { kayenta } from './kayenta.ts';
import { keptn } from './keptn.ts';
import { mannWhitney } from './mann-whitney.ts';
import { recorded } from './recorded.ts';
import { said, type Rival } from './rival.ts';
import { welch } from './welch.ts';

const rivals: readonly Rival[] = [kayenta, flagger, argo, keptn, welch, mannWhitney];

/**
 * Every rival on the valid blocks of the session, each metric that the scenario judges, stable as the control. Rivals know
 * no invariants and no planned looks: they get everything that was recorded. Empty for a run of one build.
 */
export function askRivals({ plan, trials }: Evidence): readonly RivalVerdict[] {
  if (isAlone(plan)) return [];
  const scenarios = plan.scenarios.map((scenarioPlan) => {
    const own = trials.filter(({ scenario }) => scenario === scenarioPlan.scenario.name);
    return { scenarioPlan, blocks: blocksOf(scenarioPlan.scenario, own).valid };
  });
  return rivals.map((rival) => {
    const asked = scenarios.map(({ scenarioPlan, blocks }) => askScenario(rival, scenarioPlan, blocks));
    return { rival: rival.name, rule: rival.rule, ...whole(asked), scenarios: asked };
  });
}

function askScenario(rival: Rival, { scenario }: ScenarioPlan, blocks: readonly Block[]): RivalScenario {
  const judged = scenario.expectations.flatMap((one) => (one.kind === 'no-worse' ? [one.metric] : []));
  const metrics = judged.map((metric) => {
    const of = (arm: 'stable' | 'twin' | 'canary'): ReturnType<typeof recorded> =>
      recorded(
        metric,
        blocks.map(({ trials }) => trials[arm]),
      );
    const control = of('stable');
    return {
      metric,
      canary: rival.classify({ metric, experiment: of('canary'), control }),
      twin: rival.classify({ metric, experiment: of('twin'), control }),
    };
  });
  const overall = (arm: keyof SaidOfBoth): Said =>
    metrics.length === 0 ? said('no-data', 'it judges no metric') : rival.overall(metrics.map((each) => each[arm]));
  return { scenario: scenario.name, canary: overall('canary'), twin: overall('twin'), metrics };
}

const byGravity: readonly RivalDecision[] = ['fail', 'marginal', 'pass', 'no-data'];

/** The gravest of the scenarios, with its reason. */
function whole(scenarios: readonly RivalScenario[]): SaidOfBoth {
  const gravest = (arm: keyof SaidOfBoth): Said => {
    const decision = byGravity.find((each) => scenarios.some((scenario) => scenario[arm].decision === each));
    const first = scenarios.find((scenario) => scenario[arm].decision === decision);
    return first === undefined
      ? said('no-data', 'no scenario')
      : said(first[arm].decision, `${first.scenario}: ${first[arm].why}`);
  };
  return { canary: gravest('canary'), twin: gravest('twin') };
}
