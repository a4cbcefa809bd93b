/**
 * The stream of answers to single requests. In a block an arm stands alone with a request when both others agree on another
 * answer. If the builds are alike, it is the canary one time in three, whatever the requests and their noise are, since the
 * arms of a block could be exchanged. So for each request the blocks are events of the e-process, bad when it was the canary.
 * What the others do not agree on themselves is noise, and no event; nor is a block in which two arms stood alone in turn.
 */
import { answersOf, type Answer } from '../answers.ts';
import type { Block } from '../blocks.ts';
import { rounded } from '../round.ts';
import { type Arm, arms } from '../../model/plan.ts';
import type { ResponseDiff, ResponseDiffs } from '../../model/verdict.ts';
import { logEvidence } from './discordant.ts';
import { leads } from './e-bh.ts';

/** Of those who stand alone. */
const canaryByChance = 1 / 3;
const falseDiscoveryRate = 0.1;
const mostShown = 50;
/** Characters of an answer; the history has all of it. */
const longestAnswer = 1_000;

export const responseConstants: Readonly<Record<string, number>> = {
  'responseDiffs.canaryByChance': rounded(canaryByChance),
  'responseDiffs.falseDiscoveryRate': falseDiscoveryRate,
  'responseDiffs.shown': mostShown,
};

/** Somebody stood alone with a request, in one block. */
interface Alone {
  readonly request: string;
  readonly block: number;
  readonly by: Arm;
  readonly answer: string;
  readonly others: string;
}

/** Undefined when no single request was asked. */
export function responseDiffs(blocks: readonly Block[]): ResponseDiffs | undefined {
  const asked = [...new Set(blocks.flatMap(requestsOf))].toSorted();
  if (asked.length === 0) return undefined;
  const events = Map.groupBy(blocks.flatMap(eventsOf), ({ request }) => request);
  const eValues = asked.map((request) => eValueOf(events.get(request) ?? []));
  const led = new Set(leads(eValues, falseDiscoveryRate));
  const differing = asked.flatMap((request, index): readonly ResponseDiff[] => {
    const own = events.get(request) ?? [];
    const first = own.find(({ by }) => by === 'canary') ?? own[0];
    if (first === undefined) return [];
    const { by, answer, others } = first;
    const eValue = rounded(eValues[index] ?? 1);
    return [{ request, alone: aloneIn(own), eValue, lead: led.has(index), by, answer, others }];
  });
  const shown = differing.toSorted((one, other) => other.eValue - one.eValue).slice(0, mostShown);
  return { asked: asked.length, differ: differing.length, shown };
}

function requestsOf({ trials }: Block): readonly string[] {
  const [first = new Set<string>(), ...rest] = arms.map(
    (arm) => new Set([...answersOf(trials[arm]).values()].map(({ request }) => request)),
  );
  return [...first].filter((request) => rest.every((asked) => asked.has(request)));
}

/** At most one of each request: before and after the fault the same deployments answered. */
function eventsOf({ block, trials }: Block): readonly Alone[] {
  const answers = { stable: answersOf(trials.stable), twin: answersOf(trials.twin), canary: answersOf(trials.canary) };
  const found = [...answers.canary.keys()].flatMap((key): readonly Alone[] => {
    const [stable, twin, canary] = [answers.stable.get(key), answers.twin.get(key), answers.canary.get(key)];
    if (stable === undefined || twin === undefined || canary === undefined) return [];
    const alone = whoIsAlone({ stable, twin, canary });
    return alone === undefined ? [] : [{ request: canary.request, block, ...alone }];
  });
  return [...Map.groupBy(found, ({ request }) => request).values()].flatMap((ofRequest) => {
    const [first] = ofRequest;
    return first !== undefined && ofRequest.every(({ by }) => by === first.by) ? [first] : [];
  });
}

type Triple = Readonly<Record<Arm, Answer>>;

function whoIsAlone(triple: Triple): Pick<Alone, 'by' | 'answer' | 'others'> | undefined {
  for (const by of arms) {
    const [one, other] = arms.filter((arm) => arm !== by).map((arm) => triple[arm].text);
    const answer = triple[by].text;
    if (one !== undefined && one === other && answer !== one)
      return { by, answer: answer.slice(0, longestAnswer), others: one.slice(0, longestAnswer) };
  }
  return undefined;
}

function eValueOf(events: readonly Alone[]): number {
  const bad = events.filter(({ by }) => by === 'canary').length;
  return Math.exp(logEvidence({ bad, good: events.length - bad }, canaryByChance));
}

function aloneIn(events: readonly Alone[]): Readonly<Record<Arm, readonly number[]>> {
  const of = (arm: Arm): readonly number[] => events.filter(({ by }) => by === arm).map(({ block }) => block);
  return { stable: of('stable'), twin: of('twin'), canary: of('canary') };
}
