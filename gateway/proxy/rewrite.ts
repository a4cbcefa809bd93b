/** `proxy-rewrite`: what path the upstream sees. */
import type { Rewrite } from '../config/config-objects.ts';

/** `target` is the request target with its query; without a rewrite it passes byte for byte. */
export function rewriteTarget(target: string, rewrite: Rewrite | undefined): string {
  if (rewrite === undefined || (rewrite.uri === undefined && rewrite.regexUri === undefined)) return target;
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const rewritten = rewrite.uri ?? replaced(path, rewrite.regexUri);
  if (question < 0) return rewritten;
  // A rewritten path may bring a query of its own; the client's is added to it.
  return `${rewritten}${rewritten.includes('?') ? '&' : '?'}${target.slice(question + 1)}`;
}

function replaced(path: string, regexUri: Rewrite['regexUri']): string {
  return regexUri === undefined ? path : path.replace(regexUri.pattern, regexUri.replacement);
}
