/** Pictures of the pages of `gatecrash serve`, for docs/. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { createServer } from '../harness/commands/serve/server.ts';

export interface Picture {
  /** Path of the page, such as `/trends`. */
  readonly page: string;
  /** Text that has to be seen first. */
  readonly once: string;
  readonly file: string;
}

/** A trial has many phases, but not every one soon. Milliseconds. */
const withinMs = 120_000;

/** Does nothing where there is no Chromium; tells what it wrote. */
export async function photograph(runs: string, pictures: readonly Picture[]): Promise<readonly string[]> {
  const program = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => existsSync(file));
  if (program === undefined) return [];
  await using undo = new AsyncDisposableStack();
  const server = createServer({ runs, history: path.join(runs, 'history.db'), token: undefined });
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  undo.defer(() => server.close());
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  undo.defer(() => browser.close());
  for (const { page, once, file } of pictures) {
    const tab = await browser.newPage({ viewport: { width: 1000, height: 640 } });
    await tab.goto(`${address}${page}`);
    await tab.getByText(once).first().waitFor({ timeout: withinMs });
    mkdirSync(path.dirname(file), { recursive: true });
    await tab.screenshot({ path: file });
    await tab.close();
  }
  return pictures.map(({ file }) => file);
}
