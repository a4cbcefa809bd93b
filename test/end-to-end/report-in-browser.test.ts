/** The report of hostile release notes in a real browser: it shows them as text, runs nothing, asks nobody, and filters. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type Page, chromium } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { html } from '../../harness/reporters/html.ts';
import * as browser from '../support/browser.ts';
import { held, run } from '../unit/changelog/runs.ts';
import { cases, context } from '../unit/reporters/cases.ts';

const nasty = [
  '<script>document.title = "ran"</script>',
  '<img src=x onerror="document.title = \'ran\'">',
  '<svg onload="document.title = \'ran\'"></svg>',
  '"><script src="http://127.0.0.1:1/x.js"></script>',
  '</td></tr></table></section><iframe src="http://127.0.0.1:1/"></iframe>',
  '<a href="javascript:document.title=\'ran\'">click</a>',
  '<style>* { display: none }</style><link rel=stylesheet href="http://127.0.0.1:1/x.css">',
  '[x](javascript:alert(1)) ![x](http://127.0.0.1:1/x.png)',
];
const lines = [
  ...nasty.map((text, i) => `fix(etcd): ${text} #${i + 1}`),
  'perf(router): faster matching #90',
  'docs: words #91',
];
const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-browser-'));
const file = path.join(folder, 'report.html');
let started: Browser | undefined;
let opened: Page | undefined;
let asked: string[] = [];

beforeAll(async () => {
  const slow = run({ canary: (name) => (name === 'route-flood' ? { p99Ms: 90 } : {}) });
  const changelog = held(lines, slow);
  writeFileSync(file, html.render(cases.safe.evidence, cases.safe.verdict, { ...context, changelog }));
  if (browser.chromium !== undefined)
    started = await chromium.launch({ executablePath: browser.chromium, args: ['--no-sandbox'] });
});
afterAll(async () => {
  await started?.close();
  rmSync(folder, { recursive: true });
});

const about =
  browser.chromium === undefined ? 'no Chromium on this host (GATECRASH_CHROMIUM names one)' : browser.chromium;

describe.skipIf(browser.chromium === undefined)(`a report of hostile release notes in ${about}`, () => {
  beforeEach(async () => {
    await opened?.close();
    if (started === undefined) throw new Error('the browser was not started');
    const page = await started.newPage();
    opened = page;
    asked = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('dialog', () => asked.push('a dialog'));
    await page.goto(pathToFileURL(file).href);
  });

  function shown(): Page {
    if (opened === undefined) throw new Error('no page was opened');
    return opened;
  }

  test('runs nothing and asks nobody, and its entries are text', async () => {
    const page = shown();
    expect(asked).toEqual([pathToFileURL(file).href]);
    expect(await page.title()).toContain('gatecrash report');
    const section = page.locator('#changelog');
    expect(await section.locator('script, img, svg, iframe, link, style, a').count()).toBe(0);
    for (const text of nasty.slice(0, 6)) expect(await section.innerText()).toContain(text);
    expect(await page.locator('script, iframe, img').count()).toBe(0);
  });

  test('hides the entries of a verdict or a type whose box is cleared, and shows them again', async () => {
    const page = shown();
    const visible = async (): Promise<number> => page.locator('#changelog tr[class]:visible').count();
    expect(await visible()).toBe(lines.length);
    await page.locator('#show-contradicted').uncheck();
    expect(await page.locator('#changelog tr.is-perf:visible').count()).toBe(0);
    expect(await visible()).toBe(lines.length - 1);
    await page.locator('#show-docs').uncheck();
    expect(await visible()).toBe(lines.length - 2);
    await page.locator('#show-contradicted').check();
    expect(await visible()).toBe(lines.length - 1);
  });
});
