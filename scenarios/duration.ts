/** `'250ms'`, `'3s'`, `'2m'` → milliseconds. Throws a RangeError that quotes the text. */
export function milliseconds(duration: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(duration);
  if (match === null)
    throw new RangeError(`"${duration}" is no duration; write a number and ms, s or m, such as 250ms`);
  const unit = match[2] === 'ms' ? 1 : match[2] === 's' ? 1_000 : 60_000;
  return Number(match[1]) * unit;
}
