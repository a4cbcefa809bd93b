/** The targets of `proxy-rewrite`'s patterns, changed. */
import type { Raw } from '../store/with-objects.ts';

export function rewritten(raw: Raw, change: (target: string) => string): Raw {
  const plugins = raw['plugins'] as Readonly<Record<string, { readonly regex_uri?: readonly string[] }>> | undefined;
  const rewrite = plugins?.['proxy-rewrite'];
  if (rewrite?.regex_uri === undefined) return raw;
  const pairs = rewrite.regex_uri.map((text, index) => (index % 2 === 1 ? change(text) : text));
  return { ...raw, plugins: { ...plugins, 'proxy-rewrite': { ...rewrite, regex_uri: pairs } } };
}
