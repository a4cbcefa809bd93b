/** Text made safe for XML and HTML, in content and in quoted attributes. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that XML 1.0 forbids even as references are dropped: a parser would refuse the whole file. */
export function escape(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are the characters to be removed
  const legal = text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '').toWellFormed();
  return legal.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
