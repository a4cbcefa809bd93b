/** The report page, for people. */
import { escape } from './escape.ts';
import type { Reporter } from './reporter.ts';

export const html: Reporter = {
  name: 'html',
  file: 'report.html',
  render: (_evidence, verdict) =>
    `<!doctype html><title>${escape(verdict.decision)}</title><p>${escape(verdict.because)}</p>\n`,
};
