/** HTML by a tagged template that escapes every value by itself: only what was built by `markup` stays as it is. */
import { escape } from '../escape.ts';

/** Text that is markup already. */
export interface Markup {
  readonly markup: string;
}

export type Content = string | number | Markup | undefined | readonly Content[];

/** Longest text shown in one place: a log tail or a hostile name may be of any length, the page may not. */
const longest = 2_000;

/** Characters that turn the order of what is read around. */
const reordering = /[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return { markup: parts.reduce((text, part, i) => text + shown(values[i - 1]) + part) };
}

/** For text that this project made and that is markup: the charts and the style sheet. */
export function trusted(text: string): Markup {
  return { markup: text };
}

function shown(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escape(clipped(content).replaceAll(reordering, ''));
  if ('markup' in content) return content.markup;
  return content.map(shown).join('');
}

function clipped(text: string): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)} … (${text.length - longest} more characters)`;
}
