/** `proxy-rewrite`: what path the upstream sees. */
import type { Rewrite } from '../config/config-objects.ts';

/** `target` is the request target with its query; without a rewrite it passes byte for byte. */
export function rewriteTarget(target: string, rewrite: Rewrite | undefined): string {
  if (rewrite === undefined || (rewrite.uri === undefined && rewrite.regexUri === undefined)) return target;
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const query = question < 0 ? '' : target.slice(question);
  if (rewrite.uri !== undefined) return `${rewrite.uri}${query}`;
  const { pattern, replacement } = rewrite.regexUri ?? { pattern: /^/, replacement: '' };
  return `${path.replace(pattern, replacement)}${query}`;
}
