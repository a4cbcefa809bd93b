/** Keptn's quality gate with the criterion of its documentation, `<=+10%` against the last passing result. */
import { mean } from 'simple-statistics';
import { short } from '../words.ts';
import { said, type Rival } from './rival.ts';

const allowed = 0.1;
/** `total_score` of its documentation: per cent of the objectives. */
const [passScore, warningScore] = [90, 75];

export const keptn: Rival = {
  name: 'keptn',
  rule: `the mean over the trials is at most 10 % above stable's; ${passScore} % of the metrics pass, ${warningScore} % warn`,
  classify({ experiment, control }) {
    if (experiment.trials.length === 0 || control.trials.length === 0) return said('no-data', 'no value');
    const [a, b] = [mean([...experiment.trials]), mean([...control.trials])];
    return said(a <= b * (1 + allowed) ? 'pass' : 'fail', `${short(a)} against ${short(b)}`);
  },
  overall(metrics) {
    const judged = metrics.filter(({ decision }) => decision !== 'no-data');
    if (judged.length === 0) return said('no-data', 'no metric had data');
    const score = (100 * judged.filter(({ decision }) => decision === 'pass').length) / judged.length;
    const decision = score >= passScore ? 'pass' : score >= warningScore ? 'marginal' : 'fail';
    return said(decision, `score ${short(score)}`);
  },
};
