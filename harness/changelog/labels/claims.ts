/** The claims of a line, and the size that it gives to them. */
import type { Area, Claim, EntryType, Subject } from '../../model/changelog.ts';
import { claimRules } from './claim-rules.ts';

/** `text`: in lower case. */
export function claimsOf(text: string, type: EntryType, area: Area): readonly Claim[] {
  const claims = new Map<Subject, Claim>();
  for (const rule of claimRules) {
    if (rule.types !== undefined && !rule.types.includes(type)) continue;
    if (rule.areas !== undefined && !rule.areas.includes(area)) continue;
    if (rule.words !== undefined && !rule.words.test(text)) continue;
    const size = announcedRatio(text, rule.direction);
    for (const subject of rule.subjects) {
      // The first rule that speaks of a subject is the more particular one.
      if (claims.has(subject)) continue;
      const sized = size === undefined || invariants.includes(subject) ? {} : { size };
      claims.set(subject, { subject, direction: rule.direction, ...sized, because: rule.because });
    }
    if (rule.alone === true) break;
  }
  return [...claims.values()];
}

/** An invariant holds or breaks; a number says nothing of it. */
const invariants: readonly Subject[] = ['serve-last-good', 'converge', 'no-lost-update'];

/** `30 % faster` → 0.7, `3x faster` → 0.33, `up to 20 % higher latency` → 1.2; undefined when there is no such number. */
function announcedRatio(text: string, direction: Claim['direction']): number | undefined {
  if (direction === 'same') return undefined;
  const share = Number(/\b(\d{1,4}(?:\.\d{1,3})?) ?%/.exec(text)?.[1]);
  if (share > 0 && (direction === 'worse' || share < 100))
    return direction === 'worse' ? 1 + share / 100 : 1 - share / 100;
  const times = Number(/\b(\d{1,4}(?:\.\d{1,3})?) ?(?:x\b|×|times\b)/i.exec(text)?.[1]);
  if (times > 1) return direction === 'worse' ? times : 1 / times;
  return undefined;
}
