/** Pictures of the pages of `gatecrash serve` and of reports, for docs/. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { createServer } from '../harness/commands/serve/server.ts';

export interface Picture {
  /** Path of a page of `gatecrash serve`, such as `/trends`, or the whole address of a file. */
  readonly page: string;
  /** Text that has to be there first. */
  readonly once: string;
  readonly colours?: 'light' | 'dark';
  readonly file: string;
}

/** A trial has many phases, but not every one soon. Milliseconds. */
const withinMs = 120_000;

/** Nothing where there is no Chromium; tells what it wrote. A page that does not show its text in time is an error. */
export async function photograph(runs: string, pictures: readonly Picture[]): Promise<readonly string[]> {
  const program = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => existsSync(file));
  if (program === undefined) return [];
  await using undo = new AsyncDisposableStack();
  const server = createServer({ runs, history: path.join(runs, 'history.db'), token: undefined });
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  undo.defer(() => server.close());
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  undo.defer(() => browser.close());
  for (const picture of pictures) await take(browser, address, picture);
  return pictures.map(({ file }) => file);
}

async function take(browser: Browser, address: string, picture: Picture): Promise<void> {
  const { page, once, colours = 'light', file } = picture;
  const tab = await browser.newPage({ viewport: { width: 1000, height: 640 }, colorScheme: colours });
  await tab.goto(page.startsWith('file:') ? page : `${address}${page}`);
  await tab.getByText(once).first().waitFor({ timeout: withinMs });
  mkdirSync(path.dirname(file), { recursive: true });
  await tab.screenshot({ path: file });
  await tab.close();
}
