/**
 * A tree of calls as a flame graph: callers above, what they call below, as wide as the time that it took. Drawn by hand:
 * it has no axes, and a drawing with a name to point at for each frame is what chart libraries lack without a script.
 */
import { type Markup, markup } from '../markup.ts';
import { number } from '../units.ts';
import type { Frame } from './call-tree.ts';
import { counterpart } from './growth.ts';

export interface Flames {
  readonly title: string;
  readonly description: string;
  readonly tree: Frame;
  /** Milliseconds a second that take the whole width. */
  readonly widest: number;
  /** Colours are then the difference to it. */
  readonly against?: Frame;
}

const width = 1_000;
const rowHeight = 17;
const deepest = 70;
/** Narrower frames are left out. */
const narrowest = 2;
const characterWidth = 6.4;
/** From which difference on a frame is coloured, lighter to darker. Milliseconds a second. */
const steps = [2, 15, 60] as const;

interface Placed {
  readonly frame: Frame;
  readonly left: number;
  readonly depth: number;
  /** What it takes more than the tree that it is held against; undefined when it is held against none. */
  readonly more: number | undefined;
}

export function flameGraph({ title, description, tree, widest, against }: Flames): Markup {
  const placed = layOut(tree, widest, against);
  const rows = Math.max(1, ...placed.map(({ depth }) => depth + 1));
  return markup`<figure class="flames"><figcaption>${title}</figcaption><div class="scroll" role="region" aria-label="${title}" tabindex="0"><svg role="img" aria-label="${description}" viewBox="0 0 ${width} ${rows * rowHeight}">${placed.map((one) => shapeOf(one, width / widest))}</svg></div></figure>\n`;
}

function layOut(tree: Frame, widest: number, against: Frame | undefined): readonly Placed[] {
  const placed: Placed[] = [];
  const visit = (parent: Frame, before: Frame | undefined, left: number, depth: number): void => {
    let at = left;
    for (const frame of parent.children) {
      if ((frame.total / widest) * width < narrowest || depth >= deepest) continue;
      const twin = counterpart(before, frame);
      const more = against === undefined ? undefined : frame.total - (twin?.total ?? 0);
      placed.push({ frame, left: at, depth, more });
      visit(frame, twin, at, depth + 1);
      at += frame.total;
    }
  };
  visit(tree, against, 0, 0);
  return placed;
}

function shapeOf({ frame, left, depth, more }: Placed, scale: number): Markup {
  const [x, y, wide] = [round(left * scale), depth * rowHeight, round(frame.total * scale)];
  const fits = Math.floor((wide - 6) / characterWidth);
  const words = more === undefined ? frame.name : `${signed(more)} ${frame.name}`;
  const shown = fits < 3 ? '' : words.length <= fits ? words : `${words.slice(0, fits - 1)}…`;
  const label = shown === '' ? undefined : markup`<text x="${round(x + 3)}" y="${y + 12}">${shown}</text>`;
  const colour = more === undefined ? `frame-${frame.owner}` : colourOf(more);
  return markup`<g><title>${inWords(frame, more)}</title><rect x="${x}" y="${y}" width="${wide}" height="${rowHeight - 1}" fill="var(--${colour})"/>${label}</g>`;
}

function inWords({ name, place, total, self }: Frame, more: number | undefined): string {
  const difference = more === undefined ? '' : `, ${signed(more)} against stable`;
  const where = place === '' ? '' : ` (${place})`;
  return `${name.slice(0, 200)}${where.slice(0, 200)}: ${number(total)} ms a second, ${number(self)} in itself${difference}`;
}

function colourOf(more: number): string {
  const step = steps.filter((least) => Math.abs(more) >= least).length;
  if (step === 0) return 'frame-same';
  return `${more > 0 ? 'more' : 'less'}-${step}`;
}

function signed(more: number): string {
  return `${more < 0 ? '−' : '+'}${number(Math.abs(more))}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
