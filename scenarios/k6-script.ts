/** Whether a text is a k6 script, or only the name of one: the script of a load is named in a file, and stands in a plan. */
export function isScript(text: string): boolean {
  return text.includes('\n');
}

/** What is wrong with a script, each with its line from 1; empty when a plan can hold it. */
export function scriptMistakes(script: string): readonly { readonly line: number; readonly words: string }[] {
  const lines = script.split('\n');
  const foreign = lines.flatMap((text, index) =>
    [...text.matchAll(reads)]
      .map((match) => match[1] ?? match[2] ?? '')
      .filter((name) => name !== 'k6' && !name.startsWith('k6/'))
      .map((name) => ({
        line: index + 1,
        words: `it needs "${name}", which is no module of k6: bundle it into the script`,
      })),
  );
  const whole = /\bexport\s+default\b|\bas\s+default\b/.test(script);
  return [...foreign, ...(whole ? [] : [{ line: 1, words: 'it exports no default function' }])];
}

/** What a script can read: imports of every form, and k6's own `open`. */
const reads = /\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]|\b(?:open|require)\(\s*['"]([^'"]+)['"]/g;
