/** Single requests are answered alike in all arms: an arm that stands alone against two that agree is wrong. */
import { answersOf } from '../answers.ts';
import { pointer } from '../history.ts';
import type { Oracle } from './oracle.ts';

/**
 * What the two others do not agree on themselves is noise, or left open by the product, and says nothing of anybody. The
 * rule is the same for every arm, so that chance favours none.
 */
export const conformance: Oracle = {
  compares: true,
  breaks: 'answers requests in another way',
  counted: (count) =>
    `${count} ${count === '1' ? 'request was' : 'requests were'} answered otherwise than by both other arms`,
  check(trial, _scenario, peers) {
    const [one, other] = peers.map(answersOf);
    if (one === undefined || other === undefined)
      return { state: 'cannot-tell', why: 'there are no two other arms to compare with' };
    const own = answersOf(trial);
    const alone = [...one].flatMap(([key, { text }]) => {
      const agreed = other.get(key)?.text === text;
      const mine = own.get(key);
      return agreed && mine !== undefined && mine.text !== text ? [{ key, mine, theirs: text }] : [];
    });
    if (alone.length > 0) {
      const pointers = alone.map(({ key, mine, theirs }) =>
        pointer(trial, mine.index, `${key}: ${difference(mine.text, theirs)}`),
      );
      return { state: 'breached', count: new Set(alone.map(({ key }) => key)).size, pointers };
    }
    if (own.size === 0) return { state: 'cannot-tell', why: 'no single request was answered' };
    const missing = [...one.keys()].filter((key) => other.has(key) && !own.has(key));
    return missing.length === 0 ? { state: 'held' } : { state: 'cannot-tell', why: `${missing[0]} was not asked` };
  },
};

/** The first line that differs; that a body has another length is told only when nothing else is. */
function difference(mine: string, theirs: string): string {
  const [ours, others] = [mine.split('\n'), theirs.split('\n')];
  const lines = Array.from({ length: Math.max(ours.length, others.length) }, (_, line) => line);
  const differing = lines.filter((line) => ours[line] !== others[line]);
  const at = differing.find((line) => !/^content-length:/i.test(ours[line] ?? '')) ?? differing[0] ?? 0;
  return `answered ${quoted(ours[at])}, the others ${quoted(others[at])}`;
}

function quoted(line: string | undefined): string {
  return line === undefined ? 'nothing' : `"${line}"`;
}
