/** Texts that try to end markup, an attribute, a table cell, a line, a string, or to steer a terminal. */
import type { Case } from './cases.ts';

const hostile =
  '</script><img src=x onerror=alert(1)> "\' & | `x` *_[a](javascript:b)\r\n# x\u0000\u001B[31mred\u001B[0m\u202Eleft ]]> @all https://x.test \uD800';

const texts = new Set(['because', 'claim', 'subject', 'text', 'stable', 'canary', 'reason', 'detail']);

/** The same run with every sentence, name and reason replaced by the hostile text. */
export function defaced({ evidence, verdict }: Case): Case {
  return { evidence: replaced(evidence), verdict: replaced(verdict) };
}

function replaced<T>(value: T): T {
  const text = JSON.stringify(value, (key, child: unknown) =>
    texts.has(key) && typeof child === 'string' ? hostile : child,
  );
  return JSON.parse(text) as T;
}
