/** A file of data with the places of its parts, so that a mistake is told where it stands. */
import { LineCounter, type Node, isNode, parseDocument } from 'yaml';

export interface LocatedFile {
  readonly value: unknown;
  /** Sentences about what is no JSON or YAML at all. */
  readonly mistakes: readonly string[];
  /** `file:line:column` of the value at that path, or of the nearest one around it that is there. */
  placeOf(path: readonly string[]): string;
}

/** JSON is read as the YAML that it is. Aliases are bounded by the parser, so that a small file cannot become a huge value. */
export function locate(file: string, text: string): LocatedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const mistakes = document.errors.map(
    ({ pos, message }) => `${place(pos[0])}: ${message.split('\n')[0]?.replace(/ at line .*/, '') ?? ''}`,
  );
  return {
    mistakes,
    value: mistakes.length > 0 ? undefined : (document.toJS({ maxAliasCount: 100 }) as unknown),
    placeOf(path) {
      for (let depth = path.length; depth > 0; depth--) {
        const node = nodeAt(document.getIn(path.slice(0, depth).map(keyOf), true));
        if (node?.range) return place(node.range[0]);
      }
      return place(nodeAt(document.contents)?.range?.[0] ?? 0);
    },
  };
}

function nodeAt(value: unknown): Node | undefined {
  return isNode(value) ? value : undefined;
}

function keyOf(key: string): string | number {
  return /^\d+$/.test(key) ? Number(key) : key;
}
