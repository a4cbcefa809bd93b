/** A decision as a word with a sign of its own, so that colour is never alone. */
import type { Decision } from '../../model/verdict.ts';
import { decisionSign, decisionWord } from '../words.ts';
import { markup, type Markup } from './markup.ts';

export function badge(decision: Decision): Markup {
  return markup`<strong class="badge ${decision}"><span aria-hidden="true">${decisionSign[decision]}</span> ${decisionWord[decision]}</strong>`;
}
