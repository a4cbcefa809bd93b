/** How the three arms look, in charts and keys: each differs in colour, dash and shape, so that hue is never alone. */
import type { Arm } from '../../model/plan.ts';
import { markup, trusted, type Markup } from './markup.ts';

export interface ArmStyle {
  /** A custom property of the style sheet, which has one value for light and one for dark. */
  readonly colour: string;
  readonly dash: readonly number[] | 'solid';
  readonly width: number;
  readonly symbol: 'circle' | 'triangle' | 'diamond';
  /** Diamonds and triangles look smaller than circles. */
  readonly symbolSize: number;
}

export const armStyle: Readonly<Record<Arm, ArmStyle>> = {
  stable: { colour: 'var(--stable)', dash: 'solid', width: 1.5, symbol: 'circle', symbolSize: 7 },
  twin: { colour: 'var(--twin)', dash: [2, 3], width: 1.5, symbol: 'triangle', symbolSize: 8 },
  canary: { colour: 'var(--canary)', dash: [9, 3], width: 2.5, symbol: 'diamond', symbolSize: 10 },
};

const shapes: Readonly<Record<ArmStyle['symbol'], string>> = {
  circle: '<circle cx="20" cy="7" r="4"/>',
  triangle: '<path d="M20 2l5 9h-10z"/>',
  diamond: '<path d="M20 1l6 6-6 6-6-6z"/>',
};

/** What the lines and shapes of the charts mean. */
export function key(shown: readonly Arm[]): Markup {
  return markup`<p class="key">${shown.map((arm) => markup`<span>${swatch(arm)} ${arm}${meaning[arm]}</span> `)}</p>`;
}

const meaning: Readonly<Record<Arm, string>> = { stable: '', twin: ' (stable again)', canary: '' };

function swatch(arm: Arm): Markup {
  const { colour, dash, width, symbol } = armStyle[arm];
  const dashes = dash === 'solid' ? '' : ` stroke-dasharray="${dash.join(' ')}"`;
  return trusted(
    `<svg viewBox="0 0 40 14" width="40" height="14" aria-hidden="true"><path d="M1 7h38" fill="none" stroke="${colour}" stroke-width="${width}"${dashes}/><g fill="${colour}">${shapes[symbol]}</g></svg>`,
  );
}
