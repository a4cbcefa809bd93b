/** `$secret://…` and `$env://…`: in their place APISIX puts what a secret manager or its environment holds. */
import { BadItem } from './bad-item.ts';

const reference = /^\$(?:secret|env):\/\//i;

/** Throws BadItem: taken as it stands such a text would be a key that everybody knows. `at` is the value's place. */
export function refuseReferences(value: unknown, at: string): void {
  if (typeof value === 'string' && reference.test(value)) {
    throw new BadItem(`${at} is a reference to a secret that is kept elsewhere; this gateway looks none up`);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) refuseReferences(inner, `${at}/${name}`);
}
