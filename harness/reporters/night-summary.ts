/** A night in one paragraph, fit for a pager: what was found, what to look at, what was not done. */
import type { NightAlarm, NightOutcome, PairOutcome } from '../model/night.ts';
import { plain } from './plain.ts';
import { clock } from './time-left.ts';
import { decisionWord, plural } from './words.ts';

/** One line without a line break. The gravest first: a pager may cut it off. */
export function nightSummary(outcome: NightOutcome): string {
  const { pairs, alarms, troubles, tookMs, startedAt } = outcome;
  const untried = pairs.filter(({ decision }) => decision === undefined);
  const tried = pairs.filter(({ decision }) => decision !== undefined);
  const bad = tried.filter(({ decision }) => decision !== 'safe');
  const good = tried.length - bad.length;
  const shown = alarms.filter(({ state }) => state !== 'went-away');
  const parts = [
    `gatecrash nightly ${startedAt.slice(0, 10)}: ${headline(outcome)}.`,
    ...bad.map(pairSentence),
    ...shown.filter(({ fresh }) => fresh).map(alarmSentence),
    ...shown.filter(({ fresh }) => !fresh).map((alarm) => `Not acknowledged yet: ${alarmSentence(alarm)}`),
    ...untried.map(({ pair, because }) => `${pair}: ${because}.`),
    ...troubles.map((trouble) => `${trouble}.`),
    ...(good > 0 ? [`${plural(good, 'pair')} SAFE.`] : []),
    `Took ${clock(tookMs)}.`,
    ...evidence(bad.length > 0 ? bad : tried),
  ];
  return plain(parts.join(' '));
}

function headline({ pairs, alarms, troubles }: NightOutcome): string {
  const words = [...new Set(pairs.flatMap(({ decision }) => (decision === undefined ? [] : [decisionWord[decision]])))];
  const order = ['REGRESSION', 'INVALID', 'INCONCLUSIVE', 'KNOWN WEAKNESS', 'SAFE'];
  const worst = order.find((word) => words.includes(word)) ?? 'NOTHING TRIED';
  const drifts = alarms.filter(({ state }) => state !== 'went-away');
  const trend = drifts.length === 0 ? '' : `, ${plural(drifts.length, 'trend alarm')}`;
  return `${worst}${trend}${troubles.length === 0 ? '' : ', with troubles'}`;
}

function pairSentence({ pair, stable, canary, decision, because }: PairOutcome): string {
  const word = decision === undefined ? 'not tried' : decisionWord[decision];
  return `${pair} (${stable} against ${canary}): ${word}: ${because}.`;
}

function alarmSentence({ words }: NightAlarm): string {
  return `Trend: ${words}.`;
}

function evidence(pairs: readonly PairOutcome[]): readonly string[] {
  const folders = pairs.flatMap(({ folder }) => (folder === undefined ? [] : [`${folder}/report.html`]));
  return folders.length === 0 ? [] : [`Reports: ${folders.join(' ')}`];
}
