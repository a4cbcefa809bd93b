/** `gatecrash schema`: what scenario files may hold, for editors. */
import type { Command } from 'commander';
import scenarioSchema from '../../scenarios/scenario.schema.json' with { type: 'json' };
import { Mistakes } from './mistakes.ts';

export async function schema(_options: object, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 0);
  mistakes.throwIfAny();
  process.stdout.write(`${JSON.stringify(scenarioSchema, null, 2)}\n`);
  return 0;
}
