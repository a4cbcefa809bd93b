/** The trend alarms of one pair after its run: those that stand, and new ones once further blocks have shown them again. */
import { seenAgain } from '../../judge/trend/trend.ts';
import type { Crossing, Trend } from '../../judge/trend/trend.ts';
import type { NightAlarm } from '../../model/night.ts';
import type { Plan } from '../../model/plan.ts';
import type { MetricPoint } from '../../model/run-record.ts';
import { type AlarmState, type RaisedAlarm, isStanding } from '../../model/trend-alarm.ts';
import { alarmWords } from '../../reporters/trend-words.ts';
import { writeAlarm } from '../../store/history/alarms.ts';
import { openHistory } from '../../store/history/open-history.ts';
import { runsOfNight } from '../../store/history/read-runs.ts';
import { type Watched, watched } from '../history/trends.ts';
import { againPlan } from './night-plan.ts';
import type { Pair, Suite } from './suite.ts';

export interface AlarmDeps {
  /** Id of the night. */
  readonly night: string;
  readonly hasTime: () => boolean;
  /** Plays the blocks that look again, and gives their points; undefined when it was interrupted. */
  readonly again: (plan: Plan) => Promise<readonly MetricPoint[] | undefined>;
}

/** A series of which a drift has reached the threshold, and nobody was told yet. */
interface Fresh {
  readonly watched: Watched;
  readonly trend: Trend;
  readonly crossing: Crossing;
}

/** Undefined when it was interrupted. */
export async function alarmsOf(suite: Suite, pair: Pair, deps: AlarmDeps): Promise<readonly NightAlarm[] | undefined> {
  const { all, tonight } = read(suite, pair, deps.night);
  const standing = all.flatMap((each) =>
    each.alarms.filter(isStanding).map((alarm) => told(alarm, each, alarm.id, false)),
  );
  const fresh = all.filter(({ series }) => series.points.at(-1)?.run === tonight).flatMap(freshOf);
  if (fresh.length === 0) return standing;
  const points = deps.hasTime() ? await deps.again(againPlan(suite, pair, scenariosOf(suite, fresh))) : [];
  if (points === undefined) return undefined;
  using database = openHistory(suite.history);
  const raised = fresh.map((each) => {
    const alarm = raisedOf(each, points);
    return told(alarm, each.watched, writeAlarm(database, alarm), true);
  });
  return [...standing, ...raised];
}

interface Read {
  readonly all: readonly Watched[];
  /** Number of this night's run; a series that it gave no point to has nothing new. */
  readonly tonight: number | undefined;
}

function read({ history, nightsBetweenAlarms }: Suite, { name }: Pair, night: string): Read {
  using database = openHistory(history);
  const runs = runsOfNight(database, night).filter(({ pair, kind }) => pair === name && kind === 'nightly');
  return { all: watched(database, nightsBetweenAlarms, { pair: name }), tonight: runs.at(-1)?.number };
}

function freshOf(series: Watched): readonly Fresh[] {
  return series.trends.flatMap((trend) => {
    const known = series.alarms.some((alarm) => alarm.drift === trend.drift && isStanding(alarm));
    return known || trend.alarm === undefined ? [] : [{ watched: series, trend, crossing: trend.alarm }];
  });
}

function scenariosOf({ scenarios }: Suite, fresh: readonly Fresh[]): Suite['scenarios'] {
  const names = fresh.map((each) => each.watched.series.scenario);
  return scenarios.filter(({ name }) => names.includes(name));
}

function raisedOf(
  { watched: { series, threshold }, trend, crossing }: Fresh,
  again: readonly MetricPoint[],
): RaisedAlarm {
  const { pair, scenario, metric, points } = series;
  const look = again.find((point) => point.scenario === scenario && point.metric === metric);
  const state: AlarmState =
    look === undefined ? 'unchecked' : seenAgain(crossing, points, look, trend.drift) ? 'confirmed' : 'went-away';
  return {
    pair,
    scenario,
    metric,
    drift: trend.drift,
    state,
    threshold,
    run: points.at(-1)?.run ?? 0,
    since: points[crossing.since]?.run ?? 0,
    evidence: crossing.evidence,
    shift: crossing.shift,
  };
}

function told(alarm: RaisedAlarm, { series }: Watched, id: number, fresh: boolean): NightAlarm {
  const { pair, scenario, metric, drift, state } = alarm;
  return { pair, scenario, metric, id, drift, state, fresh, words: alarmWords(alarm, series, id) };
}
