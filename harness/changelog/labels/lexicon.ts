/**
 * Reads a text word by word, once, for all terms of all labels at the same time. What a word says is looked up the first
 * time that it is seen and kept, since the words of release notes repeat.
 */

/** `etcd*` begins so, `*-auth` ends so, `full reload*` is two words that follow each other. */
export interface Term<T> {
  readonly value: T;
  readonly weight: number;
  readonly words: readonly string[];
}

/** What speaks for one label: how much, and the words that do. */
export interface Evidence<T> {
  readonly value: T;
  readonly score: number;
  readonly words: readonly string[];
}

interface Pattern {
  readonly text: string;
  readonly where: 'whole' | 'start' | 'end';
}

interface Compiled<T> {
  readonly value: T;
  readonly weight: number;
  readonly first: Pattern;
  readonly others: readonly Pattern[];
}

interface Said<T> {
  readonly value: T;
  readonly weight: number;
}

interface Word<T> {
  readonly bare: string;
  /** What it says alone, its parts too; one for each label. */
  readonly terms: readonly Said<T>[];
  /** Terms of several words that begin with this one. */
  readonly phrases: readonly Compiled<T>[];
}

/** Words are kept up to this many: a file may consist of words that come once. */
const mostWords = 20_000;
/** The longest name of a setting; what is longer is a link or noise, and is told by its beginning. */
const longestWord = 60;
/** A part of a name, such as `Header` in `ReadHeaderTimeout`, says less than a word of its own. */
const partShare = 0.8;
/** A line names its matter first: each word counts less than the one before it, down to a least share. */
const lateLoss = 0.04;
const leastShare = 0.6;
/** Further words for the same label add to the strongest, and never as much again. */
const furtherShare = 0.4;
const mostFurther = 0.5;

const nothing: readonly never[] = [];

export class Lexicon<T> {
  readonly #whole = new Map<string, Compiled<T>[]>();
  /** By their first two letters, and by their last three. */
  readonly #starts = new Map<string, Compiled<T>[]>();
  readonly #ends = new Map<string, Compiled<T>[]>();
  readonly #words = new Map<string, Word<T>>();

  constructor(terms: readonly Term<T>[]) {
    for (const { value, weight, words } of terms) {
      const [first, ...others] = words.map(patternOf);
      if (first === undefined) continue;
      const compiled = { value, weight, first, others };
      if (first.where === 'end') push(this.#ends, first.text.slice(-3), compiled);
      else if (first.where === 'start') push(this.#starts, first.text.slice(0, 2), compiled);
      else push(this.#whole, first.text, compiled);
    }
  }

  /** In no order. Loops and few objects: this is done for every line of a file of thousands. */
  read(text: string): readonly Evidence<T>[] {
    const words = text.split(' ');
    const found: Tally<T>[] = [];
    for (let i = 0; i < words.length; i += 1) {
      const word = this.#word(words[i]);
      if (word.terms.length === 0 && word.phrases.length === 0) continue;
      const share = Math.max(leastShare, 1 - lateLoss * i);
      for (const { value, weight } of word.terms) count(found, value, word.bare, weight * share);
      for (const { value, weight, others } of word.phrases)
        if (this.#follow(words, i + 1, others))
          count(found, value, words.slice(i, i + 1 + others.length).join(' '), weight * share);
    }
    return found;
  }

  #word(raw = ''): Word<T> {
    return this.#words.get(raw) ?? this.#learnt(raw);
  }

  #follow(words: readonly string[], from: number, patterns: readonly Pattern[]): boolean {
    for (const [i, pattern] of patterns.entries()) if (!fits(pattern, this.#word(words[from + i]).bare)) return false;
    return true;
  }

  #learnt(raw: string): Word<T> {
    if (this.#words.size >= mostWords) this.#words.clear();
    const short = raw.slice(0, longestWord);
    const bare = bareWord(short);
    const terms: Said<T>[] = [];
    const phrases: Compiled<T>[] = [];
    for (const term of this.#fitting(bare))
      if (term.others.length === 0) strongest(terms, term.value, term.weight);
      else phrases.push(term);
    for (const part of partsOf(short))
      for (const { value, weight, others } of this.#fitting(part))
        if (others.length === 0) strongest(terms, value, weight * partShare);
    const word = { bare, terms, phrases };
    this.#words.set(raw, word);
    return word;
  }

  #fitting(bare: string): readonly Compiled<T>[] {
    const whole = this.#whole.get(bare) ?? nothing;
    const starts = this.#starts.get(bare.slice(0, 2)) ?? nothing;
    const ends = this.#ends.get(bare.slice(-3)) ?? nothing;
    if (starts.length + ends.length === 0) return whole;
    const fitting = [...whole];
    for (const term of starts) if (fits(term.first, bare)) fitting.push(term);
    for (const term of ends) if (fits(term.first, bare)) fitting.push(term);
    return fitting;
  }
}

class Tally<T> implements Evidence<T> {
  readonly value: T;
  readonly words: string[];
  #best: number;
  #sum: number;

  constructor(value: T, word: string, weight: number) {
    this.value = value;
    this.words = [word];
    this.#best = weight;
    this.#sum = weight;
  }

  get score(): number {
    return this.#best + Math.min((this.#sum - this.#best) * furtherShare, this.#best * mostFurther);
  }

  /** The same word twice says no more than once. */
  add(word: string, weight: number): void {
    if (this.words.includes(word)) return;
    this.words.push(word);
    this.#best = Math.max(this.#best, weight);
    this.#sum += weight;
  }
}

function count<T>(found: Tally<T>[], value: T, word: string, weight: number): void {
  for (const tally of found)
    if (tally.value === value) {
      tally.add(word, weight);
      return;
    }
  found.push(new Tally(value, word, weight));
}

function strongest<T>(terms: Said<T>[], value: T, weight: number): void {
  const known = terms.findIndex((term) => term.value === value);
  if (known === -1) terms.push({ value, weight });
  else if (weight > (terms[known]?.weight ?? 0)) terms[known] = { value, weight };
}

function patternOf(word: string): Pattern {
  if (word.startsWith('*')) return { text: word.slice(1), where: 'end' };
  return word.endsWith('*') ? { text: word.slice(0, -1), where: 'start' } : { text: word, where: 'whole' };
}

function fits({ text, where }: Pattern, word: string): boolean {
  if (where === 'whole') return word === text;
  return where === 'start' ? word.startsWith(text) : word.length > text.length && word.endsWith(text);
}

/** Without punctuation and quotes around it; `%2f` and `/ping` keep their sign. */
function bareWord(raw: string): string {
  const lower = raw.toLowerCase();
  return plain.test(lower)
    ? lower
    : lower
        .replace(/^[^a-z0-9%/]+/, '')
        .replace(/[^a-z0-9]+$/, '')
        .replace(/['’]s$/, '');
}

const plain = /^[a-z0-9]*$/;

/** `passHostHeader`, `max_body_size` and `k8s/crd` have parts; a plain word has none. */
function partsOf(raw: string): readonly string[] {
  if (!/[^A-Za-z0-9]\w|[a-z0-9][A-Z]|[A-Z]{2}[a-z]/.test(raw)) return nothing;
  const parts = raw
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part.length > 1);
  return parts.length > 1 ? parts : nothing;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
