/** The page's style sheet, and the hash by which its security policy allows it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const file = 'dashboards/report/style.css';

/** Beside `harness/` in a checkout, beside `dist/` in the package. */
function read(): string {
  for (const root of ['../../..', '../../../..']) {
    try {
      return readFileSync(new URL(`${root}/${file}`, import.meta.url), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`${file} is missing from this installation of gatecrash: install it again`);
}

export function style(): { readonly css: string; readonly hash: string } {
  const css = `\n${read()}`;
  return { css, hash: `sha256-${createHash('sha256').update(css).digest('base64')}` };
}
