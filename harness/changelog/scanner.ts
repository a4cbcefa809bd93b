/**
 * One pass over the lines of Markdown: headings, bullets and text, without front matter, comments and code blocks. It
 * looks at each character a fixed number of times, whatever the file holds.
 */

/** A line that is only bold text, as Traefik writes its section titles, is a heading of this level. */
export const boldLevel = 7;

export type Token =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string; readonly line: number }
  /** `spaced`: a space follows the sign, as Markdown wants it; only these count as bullets. */
  | {
      readonly kind: 'bullet';
      readonly indent: number;
      readonly text: string;
      readonly line: number;
      readonly spaced: boolean;
    }
  | { readonly kind: 'text'; readonly indent: number; readonly text: string; readonly line: number }
  | { readonly kind: 'blank'; readonly line: number };

export interface Scanned {
  readonly tokens: readonly Token[];
  /** A block that never ends would swallow the rest of the file unseen. */
  readonly unclosed?: { readonly what: string; readonly line: number };
}

interface Block {
  readonly what: string;
  readonly line: number;
  readonly endsAt: (trimmed: string) => boolean;
}

/** Titles are short and no sentences. */
const longestTitle = 60;

export function scan(text: string): Scanned {
  const tokens: Token[] = [];
  let block: Block | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const trimmed = raw.trim();
    if (block !== undefined) {
      if (block.endsAt(trimmed)) block = undefined;
      continue;
    }
    block = blockAt(trimmed, line);
    if (block === undefined) tokens.push(tokenOf(raw, trimmed, line));
    else if (block.what === 'comment' && trimmed.includes('-->', 4)) block = undefined;
  }
  return { tokens, ...(block === undefined ? {} : { unclosed: { what: block.what, line: block.line } }) };
}

function blockAt(trimmed: string, line: number): Block | undefined {
  if (line === 1 && trimmed === '---') return { what: 'front matter', line, endsAt: (text) => text === '---' };
  if (trimmed.startsWith('<!--')) return { what: 'comment', line, endsAt: (text) => text.includes('-->') };
  const fence = trimmed.startsWith('```') ? '```' : trimmed.startsWith('~~~') ? '~~~' : undefined;
  // Code that opens and closes in one line is no block.
  if (fence === undefined || trimmed.includes(fence, 3)) return undefined;
  return { what: 'code block', line, endsAt: (text) => text.startsWith(fence) };
}

function tokenOf(raw: string, trimmed: string, line: number): Token {
  if (trimmed === '') return { kind: 'blank', line };
  const indent = raw.length - raw.trimStart().length;
  const hashes = leading(trimmed, '#');
  if (hashes > 0 && hashes <= 6 && trimmed[hashes] === ' ')
    return { kind: 'heading', level: hashes, text: trimmed.slice(hashes).trim(), line };
  const title = boldTitle(trimmed);
  if (title !== undefined) return { kind: 'heading', level: boldLevel, text: title, line };
  const bullet = bulletText(trimmed);
  if (bullet !== undefined)
    return {
      kind: 'bullet',
      indent,
      text: bullet,
      line,
      spaced: bullet.length < trimmed.length - 1 || trimmed.length === 1,
    };
  return { kind: 'text', indent, text: trimmed, line };
}

function leading(text: string, character: string): number {
  let count = 0;
  while (text[count] === character) count += 1;
  return count;
}

function boldTitle(trimmed: string): string | undefined {
  if (!trimmed.startsWith('**') || !trimmed.endsWith('**') || trimmed.length < 5) return undefined;
  const inner = trimmed.slice(2, -2);
  if (inner.length > longestTitle || inner.includes('**') || inner.includes('. ') || inner.endsWith('.'))
    return undefined;
  return inner.replace(/:$/, '').trim();
}

/** Also `-In version 3.0 …`: a bullet whose space was forgotten; `--`, `-1` and `*emphasis*` are none. */
function bulletText(trimmed: string): string | undefined {
  const [sign, next = ' '] = trimmed;
  if (sign !== '-' && sign !== '*' && sign !== '+') return undefined;
  if (next === ' ' || next === '\t' || next === '\u00A0') return trimmed.slice(1).trim();
  return sign === '-' && next >= 'A' && next <= 'Z' ? trimmed.slice(1) : undefined;
}
