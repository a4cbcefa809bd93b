/** How release notes and what was measured of them read, in every format alike. */
import type { ChangelogReport, ClaimVerdict, HeldEntry, LabelledEntry, Move } from '../../model/changelog.ts';
import { plural } from '../words.ts';

/** In the order in which they matter to a reader. */
export const verdictWord: Readonly<Record<ClaimVerdict, string>> = {
  contradicted: 'CONTRADICTED',
  confirmed: 'CONFIRMED',
  'no-effect': 'NO EFFECT',
  'no-power': 'NO POWER',
  'not-exercised': 'NOT EXERCISED',
  'not-measurable': 'NOT MEASURABLE',
};

export const verdictSign: Readonly<Record<ClaimVerdict, string>> = {
  contradicted: '✗',
  confirmed: '✓',
  'no-effect': '=',
  'no-power': '?',
  'not-exercised': '–',
  'not-measurable': '∅',
};

export const verdicts: readonly ClaimVerdict[] = Object.keys(verdictWord) as ClaimVerdict[];

export function isHeld(entry: LabelledEntry | HeldEntry): entry is HeldEntry {
  return 'verdict' in entry;
}

/** What says little and only has to be counted, against what is decided or may break users. */
export function isQuiet(entry: LabelledEntry | HeldEntry): boolean {
  return isHeld(entry)
    ? entry.verdict === 'not-exercised' || entry.verdict === 'not-measurable'
    : entry.breaking.value === 'no' && entry.claims.length === 0;
}

/** Held ones by their verdict; before a run those that may break users first. */
export function byWeight(entries: ChangelogReport['entries']): ChangelogReport['entries'] {
  const breaking = { marked: 0, suspected: 1, no: 2 };
  const rank = (entry: LabelledEntry | HeldEntry): number =>
    (isHeld(entry) ? verdicts.indexOf(entry.verdict) * 10 : 0) + breaking[entry.breaking.value];
  return entries.toSorted((a, b) => rank(a) - rank(b));
}

/** `12 entries: 1 contradicted, 2 confirmed, 9 not exercised; 1 move unexplained; 2 may break users`. */
export function summary({ entries, run }: ChangelogReport): string {
  const held = verdicts.flatMap((verdict) => {
    const count = entries.filter((entry) => isHeld(entry) && entry.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdictWord[verdict].toLowerCase()}`];
  });
  const entryWord = entries.length === 1 ? '1 entry' : `${entries.length} entries`;
  const breaking = entries.filter((entry) => entry.breaking.value !== 'no').length;
  const moves = run === undefined ? [] : [`${plural(unexplained(run.moves).length, 'move')} unexplained`];
  const risks = breaking === 0 ? [] : [`${breaking} may break users`];
  return [held.length === 0 ? entryWord : `${entryWord}: ${held.join(', ')}`, ...moves, ...risks].join('; ');
}

export function unexplained(moves: readonly Move[]): readonly Move[] {
  return moves.filter(({ explainedBy }) => explainedBy.length === 0);
}

/** Undefined when everything could be told. */
export function untoldWords({ run }: ChangelogReport): string | undefined {
  const untold = run?.untold ?? [];
  return untold.length === 0 ? undefined : `could not be told, so whether it moved is not known: ${untold.join(', ')}`;
}

/** What a move needs to be read with. */
export function moveWords({ scenario, direction, because, explainedBy, candidates }: Move): string {
  const by = explainedBy.length > 0 ? `explained by ${explainedBy.join(', ')}` : 'UNEXPLAINED';
  const perhaps =
    explainedBy.length > 0
      ? ''
      : candidates.length === 0
        ? '; no entry is about this part of the gateway'
        : `; no entry accounts for it, the nearest are ${candidates.join(', ')}`;
  return `${direction} in ${scenario}: ${because}; ${by}${perhaps}`;
}

export function prWords({ prs }: LabelledEntry): string {
  return prs.length === 0 ? '' : ` (${prs.map((pr) => `#${pr}`).join(', ')})`;
}
