/** A line as k6 writes it with `--out json=-`: its docs, "JSON output", and the metadata that samples have since v0.42. */
export function line(
  metric: string,
  atMs: number,
  value: number,
  tags: Readonly<Record<string, string>> = {},
  vu?: number,
): string {
  const metadata = vu === undefined ? {} : { metadata: { vu: String(vu) } };
  const micros = String(Math.floor((atMs % 1) * 1_000)).padStart(3, '0');
  const time = new Date(Math.floor(atMs)).toISOString().replace('Z', `${micros}Z`);
  return `${JSON.stringify({ metric, type: 'Point', data: { time, value, tags, ...metadata } })}\n`;
}
