/** Versions as release notes write them: `v3.7.0-rc.1`, `1.27`, `Unreleased`; ordered as semver orders them. */

export const unreleased = 'Unreleased';

interface Parsed {
  readonly numbers: readonly number[];
  readonly pre: readonly string[];
}

const form = /^v?(\d{1,9}(?:\.\d{1,9}){1,3})(?:-([0-9A-Za-z.-]{1,40}))?(?:\+[0-9A-Za-z.-]{1,40})?$/;

function parsed(version: string): Parsed | undefined {
  const match = form.exec(version.trim());
  if (match === null) return undefined;
  const numbers = (match[1] ?? '').split('.').map(Number);
  while (numbers.length < 3) numbers.push(0);
  return { numbers, pre: match[2]?.split('.') ?? [] };
}

/** Without a leading `v`; undefined when the text is no version. */
export function versionOf(text: string): string | undefined {
  if (text.trim().toLowerCase() === unreleased.toLowerCase()) return unreleased;
  return parsed(text) === undefined ? undefined : text.trim().replace(/^v/, '');
}

/** Negative when `a` is older. What is not released yet is newer than all; a text that is no version is older. */
export function compareVersions(a: string, b: string): number {
  if (a === b) return 0;
  if (a === unreleased) return 1;
  if (b === unreleased) return -1;
  const [x, y] = [parsed(a), parsed(b)];
  if (x === undefined || y === undefined) return Number(x !== undefined) - Number(y !== undefined);
  for (const [i, n] of x.numbers.entries()) if (n !== (y.numbers[i] ?? 0)) return n - (y.numbers[i] ?? 0);
  if (x.pre.length === 0 || y.pre.length === 0) return y.pre.length - x.pre.length;
  for (const [i, part] of x.pre.entries()) {
    const order = comparePre(part, y.pre[i]);
    if (order !== 0) return order;
  }
  return x.pre.length - y.pre.length;
}

/** Numbers by value and before words; `rc2` is before `rc10`, though semver alone would not see that. */
function comparePre(a: string, b: string | undefined): number {
  if (b === undefined) return 1;
  const [x, y] = [/^(\D*)(\d*)$/.exec(a), /^(\D*)(\d*)$/.exec(b)];
  if (x === null || y === null || x[1] !== y[1]) return a < b ? -1 : Number(a > b);
  return Number(x[2]) - Number(y[2]);
}

/** The release line: `3.7` of `3.7.9`. */
export function lineOf(version: string): string {
  return parsed(version)?.numbers.slice(0, 2).join('.') ?? version;
}
