/** The pages of `gatecrash serve` and the report in a real browser: what they show, what they refuse to run. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type Page, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../../../harness/commands/serve/server.ts';
import { judge } from '../../../harness/judge/judge.ts';
import { html } from '../../../harness/reporters/html.ts';
import { openHistory } from '../../../harness/store/history/open-history.ts';
import { writeRun } from '../../../harness/store/history/write-run.ts';
import { routeFlood } from '../../../scenarios/routes/route-flood.ts';
import { freePort } from '../../support/etcd.ts';
import { evidence } from '../../support/evidence.ts';
import { point, record, scratch } from '../../support/history.ts';
import { livingRun } from '../../support/living-run.ts';
import { writeRunFolder } from '../../support/run-folder.ts';
import { context } from '../../unit/reporters/cases.ts';

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) =>
  existsSync(file),
);

/** What would run where text became markup: each tries to leave a mark on the page. */
const hostile = [
  '<script>window.ran = 1</script>',
  '<img src=x onerror="window.ran = 1">',
  '"><svg onload="window.ran = 1">',
  `' onmouseover='window.ran = 1`,
  '<a href="javascript:window.ran = 1">x</a>',
  '</title><script>window.ran = 1</script>',
  '</style><script>window.ran = 1</script>',
  '<iframe srcdoc="<script>top.ran = 1</script>">',
].join('\n');

describe.skipIf(program === undefined)('in Chromium', () => {
  const place = scratch();
  const runs = path.join(place.folder, 'runs');
  const options = { runs, history: path.join(runs, 'history.db'), token: undefined };
  const state: { browser?: Browser; server: ReturnType<typeof createServer>; port: number } = {
    server: createServer(options),
    port: 0,
  };

  beforeAll(async () => {
    const folder = path.join(runs, 'ended');
    const tried = evidence([{ ...routeFlood, claim: hostile }], 3, (arm) =>
      arm === 'canary' ? { state: 'invalid', reason: hostile } : {},
    );
    writeRunFolder(folder, tried);
    const verdict = { ...judge(tried), because: hostile, canary: hostile };
    writeFileSync(path.join(folder, 'report.html'), html.render(tried, verdict, context));
    const database = openHistory(options.history);
    for (let night = 1; night <= 12; night++)
      writeRun(database, record(night, { folder, because: hostile, stable: hostile, points: [point(0.1)] }), 'now');
    writeRun(database, record(13, { pair: hostile, folder, decision: 'regression' }), 'now');
    database.close();
    // It listens there twice: a port that no connection takes meanwhile.
    state.port = await freePort();
    await state.server.listen({ host: '127.0.0.1', port: state.port });
    state.browser = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await state.browser?.close();
    await state.server.close();
    place[Symbol.dispose]();
  });

  /** A page that notes every complaint of the browser. */
  async function opened(address: string): Promise<{ page: Page; complaints: string[] }> {
    const page = await (state.browser as Browser).newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('dialog', (dialog) => complaints.push(dialog.message()));
    await page.goto(address.startsWith('file:') ? address : `http://127.0.0.1:${state.port}${address}`);
    return { page, complaints };
  }

  it.each(['/', '/history', '/trends', '/runs/12', '/runs/13', '/compare?a=12&b=13', '/runs/13/report/'])(
    '%s shows hostile text as text, and has nothing to complain of',
    async (address) => {
      const { page, complaints } = await opened(address);
      expect(await page.evaluate('window.ran')).toBeUndefined();
      expect(await page.locator('h1').count()).toBe(1);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it('the report of a run is safe as a file too, without a network', async () => {
    const file = path.join(runs, 'ended', 'report.html');
    const { page, complaints } = await opened(pathToFileURL(file).href);
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(await page.locator('.because').first().textContent()).toContain('<script>window.ran = 1</script>');
    expect([complaints, readFileSync(file, 'utf8').includes('<script')]).toEqual([[], false]);
    await page.close();
  });

  it('two runs are chosen and compared by clicks', async () => {
    const { page, complaints } = await opened('/history');
    await page.getByRole('radio', { name: 'a: run 12' }).check();
    await page.getByRole('radio', { name: 'b: run 13' }).check();
    await page.getByRole('button', { name: 'Compare a with b' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Runs 12 and 13');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('the live page follows a trial, survives a reload and a restart of the server', async () => {
    await using living = await livingRun(runs);
    living.add({ atMs: 1, kind: 'phase', phase: 'baseline' });
    const { page } = await opened('/');
    await page.getByText('phase baseline').waitFor();
    living.add({ atMs: 2, kind: 'phase', phase: 'fault' });
    await page.getByText('phase fault').waitFor();
    await page.reload();
    await page.getByText('phase fault').waitFor();

    await state.server.close();
    await page.getByText('The server cannot be reached').waitFor();
    state.server = createServer(options);
    await state.server.listen({ host: '127.0.0.1', port: state.port });
    living.add({ atMs: 3, kind: 'phase', phase: 'settle' });
    await page.getByText('phase settle').waitFor();
    living.end();
    await page.getByText('No run is under way').waitFor();
    await page.close();
  });
});
