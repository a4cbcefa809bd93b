/** A decision as a word with a sign of its own, so that colour is never alone. */
import type { Decision } from '../../model/verdict.ts';
import { decisionWord } from '../words.ts';
import { markup, type Markup } from './markup.ts';

const signs: Readonly<Record<Decision, string>> = {
  safe: '✓',
  regression: '✕',
  inconclusive: '?',
  invalid: '⊘',
  'known-weakness': '!',
};

export function badge(decision: Decision): Markup {
  return markup`<strong class="badge ${decision}"><span aria-hidden="true">${signs[decision]}</span> ${decisionWord[decision]}</strong>`;
}
