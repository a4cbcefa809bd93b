/** The report page, for people: one file that needs no network and no script. */
import { page } from './html/page.ts';
import type { Reporter } from './reporter.ts';

export const html: Reporter = { name: 'html', file: 'report.html', render: page };
