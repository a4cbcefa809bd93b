import { XMLParser, XMLValidator } from 'fast-xml-parser';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escape } from '../../../harness/reporters/escape.ts';

it('makes any text content and attribute of well-formed XML', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(XMLValidator.validate(`<a b="${escape(text)}">${escape(text)}</a>`)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it('loses nothing that XML can hold', () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    trimValues: false,
    htmlEntities: true,
  });
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', '>', '/', '"', "'", '&', ';', '#', 'x', ']', '漢', '🙂') }),
      (text) => {
        const read = parser.parse(`<a b="${escape(text)}">_</a>`) as { readonly a: { readonly b: string } };
        expect(read.a.b).toBe(text);
      },
    ),
  );
});

it('drops what XML forbids even as a reference', () => {
  expect(escape('a\u0000\u0008\u001B\uFFFE\uD800b\tc\n')).toBe('a\uFFFDb\tc\n');
});
