/** Holds every entry against a run: the claims of each, in the scenarios that exercise its area. */
import type { Scenario } from '../../../scenarios/scenario.ts';
import type { ClaimVerdict, HeldEntry, LabelledEntry } from '../../model/changelog.ts';
import type { Finding, Verdict } from '../../model/verdict.ts';
import { exercisedBy, expects } from '../exercises.ts';
import { type Held, holdClaim } from './hold-claim.ts';

export interface Against {
  /** All that are known, and those that the run had. */
  readonly catalogue: readonly Scenario[];
  readonly ran: readonly Scenario[];
  readonly verdict: Verdict;
}

export function holdAll(entries: readonly LabelledEntry[], against: Against): readonly HeldEntry[] {
  const held = entries.map((entry): HeldEntry => ({ ...entry, ...hold(entry, against) }));
  const confirmed = held.filter(({ verdict }) => verdict === 'confirmed');
  return held.map((entry) => {
    const same = confirmed.filter(({ scenario, subject }) => scenario === entry.scenario && subject === entry.subject);
    if (entry.verdict !== 'confirmed' || same.length < 2) return entry;
    return {
      ...entry,
      because: `${entry.because}; ${same.length} entries claim this, and the run cannot tell which did it`,
    };
  });
}

/** The first of these that a claim came to is the entry's: a claim that is false anywhere is false. */
const gravity: readonly ClaimVerdict[] = ['contradicted', 'confirmed', 'no-effect', 'no-power', 'not-exercised'];

function hold(entry: LabelledEntry, { catalogue, ran, verdict }: Against): Held {
  const { type, claims } = entry;
  const unmeasured = unmeasurable(entry);
  if (unmeasured !== undefined) return unmeasured;
  const able = exercisedBy(entry, [...catalogue, ...ran]).filter((scenario) =>
    claims.some(({ subject }) => expects(scenario, subject)),
  );
  const [first] = able;
  if (first === undefined)
    return { verdict: 'not-measurable', because: `no scenario shows it: none exercises ${entry.areas[0].value}` };
  const names = new Set(exercisedBy(entry, ran).map(({ name }) => name));
  const held = verdict.scenarios
    .filter(({ scenario }) => names.has(scenario))
    .flatMap(({ findings }) =>
      claims.flatMap((claim) => of(findings, claim.subject, (f) => holdClaim(claim, type.value, f))),
    );
  const [said] = gravity.flatMap((word) => held.filter((one) => one.verdict === word).slice(0, 1));
  if (said !== undefined) return said;
  const list = [...new Set(able.map(({ name }) => name))].join(', ');
  return { verdict: 'not-exercised', because: `the run had none of the scenarios that exercise it: ${list}` };
}

function of(findings: readonly Finding[], subject: string, hold: (finding: Finding) => Held): readonly Held[] {
  return findings.filter((finding) => finding.subject === subject).map(hold);
}

/** What no run can say anything of, and why. */
function unmeasurable({ type, areas, claims, plugin }: LabelledEntry): Held | undefined {
  if (type.value === 'docs') return { verdict: 'not-measurable', because: 'it changes nothing that runs' };
  if (areas[0].value === 'plugin')
    return { verdict: 'not-exercised', because: `no scenario configures the plugin ${plugin ?? ''}`.trim() };
  if (claims.length > 0) return undefined;
  switch (type.value) {
    case 'deps':
      return { verdict: 'not-measurable', because: 'it says nothing of what changes: the whole suite is its test' };
    case 'security':
      return { verdict: 'not-measurable', because: 'it names no request that would show it' };
    case 'feature':
      return { verdict: 'not-exercised', because: 'no scenario uses what it adds' };
    case 'perf':
    case 'fix':
    case 'change':
    case 'revert':
      return { verdict: 'not-measurable', because: 'it claims no effect on what is measured' };
  }
}
