/**
 * `make soak`: every soak, or those that SOAK names, and at the end one table of what they came to. Ends with 1 when one did
 * not hold; `scripts/soak/settings.ts` has what else may be said.
 */
import { badDays } from './soak/bad-days.ts';
import { plans } from './soak/plans.ts';
import { type SoakRow, held, soakTable } from './soak/row.ts';
import { type SoakSettings, soakSettings } from './soak/settings.ts';
import { watchProxy } from './soak/watch-proxy.ts';

const soaks: Readonly<Record<string, (settings: SoakSettings) => Promise<readonly SoakRow[]>>> = {
  plans,
  'watch-proxy': watchProxy,
  'bad-days': badDays,
};

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One that breaks off has not held, and the others are tried all the same. */
async function soaked(name: string, settings: SoakSettings): Promise<readonly SoakRow[]> {
  tell(`soak: ${name}`);
  const startMs = performance.now();
  try {
    const run = soaks[name];
    if (run === undefined) throw new Error(`there is no such soak; there are ${Object.keys(soaks).join(', ')}`);
    return await run(settings);
  } catch (error) {
    const seen = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell(seen);
    const [first = ''] = seen.split('\n');
    const seconds = (performance.now() - startMs) / 1_000;
    return [{ what: name, wanted: 1, tried: 1, good: 0, seconds, seen: first }];
  }
}

const settings = soakSettings(process.env, tell);
const named = (process.env['SOAK'] ?? '').split(/[\s,]+/).filter(Boolean);
const rows: SoakRow[] = [];
for (const name of named.length === 0 ? Object.keys(soaks) : named) rows.push(...(await soaked(name, settings)));
for (const line of ['', ...soakTable(rows)]) tell(line);
process.exitCode = rows.length > 0 && rows.every(held) ? 0 : 1;
