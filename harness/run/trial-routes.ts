/** The routes of a trial as faults change them: writes that are recorded and followed as those of the writer are. */
import type { Recorder } from '../model/history.ts';
import type { TrialRoutes } from '../model/injector.ts';
import type { RouteTable } from '../model/route-table.ts';

export function trialRoutes(table: RouteTable, recorder: Recorder): TrialRoutes {
  return {
    ballast: table.ballast,
    fixed: table.fixed,
    write: (route, seq, change, storedId = route) =>
      table.changes.pass(async () => {
        const invokedAtMs = recorder.now();
        recorder.record({ kind: 'write', route, seq, edge: 'invoke' });
        try {
          const revision = await change();
          table.committed(route, seq, invokedAtMs, storedId);
          recorder.record({ kind: 'write', route, seq, edge: 'ok', revision });
        } catch (error) {
          table.unknown(route, seq);
          recorder.record({ kind: 'write', route, seq, edge: 'unknown', detail: String(error) });
          throw error;
        }
      }),
  };
}
