/** CPU profiles that nobody took, in V8's form. */
import type { CpuProfile, ProfileNode } from '../../harness/model/cpu-profile.ts';

/** A stack of functions, the outermost first, and for how many milliseconds of the second its last one ran. */
export type Stack = readonly [stack: readonly string[], ms: number];

/** A profile of one second. Functions are written `name@url`; without a url they are the engine's. */
export function cpuProfile(...stacks: readonly Stack[]): CpuProfile {
  const nodes: (ProfileNode & { readonly children: number[] })[] = [];
  const add = (text: string): (typeof nodes)[number] => {
    const [functionName = '', url = ''] = text.split('@');
    const node = { id: nodes.length + 1, callFrame: { functionName, url, lineNumber: 9 }, children: [] };
    nodes.push(node);
    return node;
  };
  const root = add('(root)');
  const [samples, timeDeltas]: [number[], number[]] = [[], []];
  for (const [stack, ms] of stacks) {
    let at = root;
    for (const text of stack) {
      const known = at.children.map((id) => nodes[id - 1]).find((node) => node?.callFrame.functionName === text.split('@')[0]); // prettier-ignore
      const next = known ?? add(text);
      if (known === undefined) at.children.push(next.id);
      at = next;
    }
    for (let i = 0; i < ms; i++) {
      samples.push(at.id);
      timeDeltas.push(1_000);
    }
  }
  return { nodes, samples, timeDeltas, startTime: 0, endTime: 1_000_000 };
}
