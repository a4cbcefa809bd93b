/** Lines of logs, whatever form they have: JSON as pino and etcd write it, or plain text. */
import type { TrialLogFile } from '../../model/evidence.ts';

export type LogLevel = 'error' | 'warn' | 'info';

export interface LogLine {
  /** Milliseconds since 1970; of a line that does not tell, the time of the one before. */
  readonly timeMs: number;
  readonly level: LogLevel;
  /** Name of the workload. */
  readonly source: string;
  readonly text: string;
}

/** Fields that are shown elsewhere or say nothing to a reader. */
const unshown = new Set(['level', 'time', 'ts', 'timestamp', 'msg', 'message', 'pid', 'hostname', 'caller', 'name']);

/** In the order of the file. Lines before the first one that tells its time are at the start of 1970. */
export function logLines({ name, text }: TrialLogFile): readonly LogLine[] {
  let timeMs = 0;
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const fields = parsed(line);
      if (fields === undefined) return { timeMs, level: levelOf(line), source: name, text: line };
      timeMs = timeOf(fields) ?? timeMs;
      return { timeMs, level: levelOf(fields['level']), source: name, text: textOf(fields) };
    });
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(line: string): Fields | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return undefined;
  }
}

/** pino counts milliseconds, others seconds, or write the date out. */
function timeOf(fields: Fields): number | undefined {
  const given = fields['time'] ?? fields['ts'] ?? fields['timestamp'];
  if (typeof given === 'number') return given < 1e11 ? given * 1_000 : given;
  const date = typeof given === 'string' ? Date.parse(given) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}

/** A number as pino has it, a word, or a whole line in which a word may stand. */
function levelOf(given: unknown): LogLevel {
  if (typeof given === 'number') return given >= 50 ? 'error' : given >= 40 ? 'warn' : 'info';
  const text = String(given);
  if (/\b(?:\w*error|fatal|d?panic)\b/i.test(text)) return 'error';
  return /\bwarn(?:ing)?\b/i.test(text) ? 'warn' : 'info';
}

function textOf(fields: Fields): string {
  const message = shown(fields['msg'] ?? fields['message'] ?? '');
  const rest = Object.entries(fields).filter(([name]) => !unshown.has(name));
  return [message, ...rest.map(([name, value]) => `${name}=${shown(value)}`)].filter((part) => part !== '').join(' ');
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
