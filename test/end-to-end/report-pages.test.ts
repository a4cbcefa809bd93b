/** The report in a real browser: readable in light and dark, on a phone, by keyboard and screen reader, and on paper. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type Page, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { html } from '../../harness/reporters/html.ts';
import type { ReportContext } from '../../harness/reporters/reporter.ts';
import * as browser from '../support/browser.ts';
import { cpuProfile } from '../support/cpu-profile.ts';
import { held, run } from '../unit/changelog/runs.ts';
import { cases, context } from '../unit/reporters/cases.ts';

const nasty = '"><img src=x onerror="document.title=1"><script>document.title = 1</script>';
const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-pages-'));
const pages = Object.keys(cases) as (keyof typeof cases)[];
const fileOf = (name: string): string => path.join(folder, `${name}.html`);
const started: { browser?: Browser } = {};

/** A page with all that a page can have. */
const everything: ReportContext = {
  ...context,
  replayOf: { 'route-flood': 'gatecrash canary --scenario route-flood' },
  changelog: held(['fix(etcd): a watch that is lost #1'], run({})),
  logs: (trial) => [
    { file: `${trial}/logs/gateway.log`, name: nasty, text: JSON.stringify({ time: 2e12, level: 50, msg: nasty }) },
  ],
  profiles: (['stable', 'canary'] as const).map((arm) => ({
    scenario: 'route-flood',
    arm,
    worker: nasty,
    file: `profiles/route-flood-1-${arm}/1.cpuprofile`,
    profile: cpuProfile(
      [
        ['onread@node:net', 'serve@file:///x/gateway/proxy.ts', 'send@file:///x/node_modules/undici/index.js'],
        arm === 'canary' ? 300 : 500,
      ],
      [['(garbage collector)'], arm === 'canary' ? 80 : 20],
      [[`${nasty}@file:///x/gateway/sort.ts`], arm === 'canary' ? 500 : 5],
    ),
  })),
};

beforeAll(async () => {
  for (const name of pages)
    writeFileSync(fileOf(name), html.render(cases[name].evidence, cases[name].verdict, everything));
  if (browser.chromium !== undefined)
    started.browser = await chromium.launch({ executablePath: browser.chromium, args: ['--no-sandbox'] });
});
afterAll(async () => {
  await started.browser?.close();
  rmSync(folder, { recursive: true });
});

/** Of every text the contrast to what is behind it, as WCAG 2 counts it; the worst with its text. */
const worstContrast = `(() => {
  const parts = (text) => (/rgba?\\(([^)]*)\\)/.exec(text)?.[1] ?? '0 0 0 / 0').split(/[\\s,/]+/).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const solid = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if ((colour[3] ?? 1) > 0.5) return colour;
    }
    return parts(getComputedStyle(document.documentElement).backgroundColor);
  };
  let worst = { ratio: 21, text: '' };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === '' || element.closest('title')) continue;
    const drawn = element.closest('svg') !== null;
    const front = parts(getComputedStyle(element)[drawn ? 'fill' : 'color']);
    const frame = element.closest('.flames g')?.querySelector('rect');
    const back = frame ? parts(getComputedStyle(frame).fill) : solid(element);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < worst.ratio) worst = { ratio, text: walker.currentNode.data.slice(0, 60) };
  }
  return worst;
})()`;

const about = browser.chromium ?? 'no Chromium on this host (GATECRASH_CHROMIUM names one)';

describe.skipIf(browser.chromium === undefined)(`the report in ${about}`, () => {
  async function opened(
    name: string,
    look: Parameters<Browser['newPage']>[0],
  ): Promise<{ readonly page: Page; readonly wrong: readonly string[] }> {
    if (started.browser === undefined) throw new Error('the browser was not started');
    const page = await started.browser.newPage(look);
    const wrong: string[] = [];
    page.on('request', (request) => request.url() !== pathToFileURL(fileOf(name)).href && wrong.push(request.url()));
    page.on('console', (message) => wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(String(error)));
    await page.goto(pathToFileURL(fileOf(name)).href);
    return { page, wrong };
  }

  test.each(pages)('%s asks nobody, complains of nothing, and fits a phone', async (name) => {
    const { page, wrong } = await opened(name, { viewport: { width: 360, height: 740 } });
    expect(wrong).toEqual([]);
    expect(await page.title()).toContain('gatecrash report');
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    await page.close();
  });

  test.each(['light', 'dark'] as const)('every text can be read in %s', async (colorScheme) => {
    const { page } = await opened('regression', { colorScheme });
    const { ratio, text } = await page.evaluate<{ ratio: number; text: string }>(worstContrast);
    expect(ratio, text).toBeGreaterThanOrEqual(4.5);
    await page.close();
  });

  test('the keyboard gets past the contents, from the matrix to a finding, and into what scrolls', async () => {
    const { page } = await opened('regression', { viewport: { width: 700, height: 700 } });
    const focused = (): Promise<string> => page.evaluate('document.activeElement.textContent');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the scenarios');
    await page.keyboard.press('Enter');
    await page.locator('.matrix a.badge').first().focus();
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/#s1-f1$/);
    const scrolls = `[...document.querySelectorAll('.scroll')].filter((e) => e.scrollWidth > e.clientWidth && e.tabIndex < 0).length`;
    expect(await page.evaluate(scrolls)).toBe(0);
    await page.close();
  });

  test('a screen reader is told of every drawing, region, list of links and heading in order', async () => {
    const { page } = await opened('regression', {});
    expect(await page.locator('svg:not([aria-hidden]):not([role=img][aria-label])').count()).toBe(0);
    expect(await page.locator('[role=region]:not([aria-label])').count()).toBe(0);
    expect(await page.locator('table:not(:has(caption))').count()).toBe(0);
    const levels = await page.evaluate<readonly number[]>(
      `[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((h) => Number(h.tagName[1]))`,
    );
    const skipped = levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1);
    expect([levels[0], skipped]).toEqual([1, []]);
    const targets = await page.evaluate<readonly string[]>(
      `[...document.querySelectorAll('a[href^="#"]')].map((a) => a.hash).filter((hash) => document.getElementById(hash.slice(1)) === null)`,
    );
    expect(targets).toEqual([]);
    await page.close();
  });

  test('on paper it is light, whole, and without what only a screen can use', async () => {
    const { page } = await opened('regression', { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.locator('details.proof .level').first().isVisible()).toBe(true);
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
    await page.close();
  });
});
