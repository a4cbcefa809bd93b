/** Under which prefix a fault writes its routes. */
import type { Fault } from '../../scenarios/scenario.ts';

/** That of the gateway itself, or of a group beside it: one that begins as the other does, and is another all the same. */
export function groupPrefix(fault: Fault, prefix: string): string {
  return 'group' in fault && fault.group === 'beside' ? `${prefix}-beside` : prefix;
}
