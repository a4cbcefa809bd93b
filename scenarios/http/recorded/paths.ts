import type { ConformanceRequest } from '../../conformance.ts';
import { echoed } from '../request.ts';

/** Every printable character of ASCII that is neither letter nor digit, and some that no path should hold. */
const characters = ` !"$&'()*+,-.:;<=>@[\\]^_\`{|}~/?#%\u0000\t\n\r\u007f`.split('');
const beyondAscii = ['%C3%A9', '%c3%a9', '%E2%82%AC', '%F0%9F%98%80', '%C3', '%FF', '%C0%AF', '%ED%A0%80', '\u00e9'];
const shapes = [
  '/all',
  '/all/',
  '/all//',
  '//all',
  '/all/.',
  '/all/..',
  '/all/./a',
  '/all/../a',
  '/all/a/../../b',
  '/all/%2e',
  '/all/%2E%2E/a',
  '/all/.%2e/a',
  '/all/a;v=1/b',
  '/ALL',
  '/all/%61',
  '/%61ll/a',
  '/all/%zz',
  '/all/%',
  '/all/%4',
  '/all/a?',
  '/all/a??b',
  '/all/a?b=c&b=d&b',
  '/all/a?b=%26&c=%3D',
  '/all/a?b=c+d%20e',
  '/all/a?b[]=1&b[]=2',
  '/all/a?/../b',
  '/all/a?x=%00',
  '/all/a?\u00e9',
  '/all/a#b',
  '/all/a?b#c',
  `/all/${'a'.repeat(1_000)}`,
  `/all/${'a/'.repeat(200)}`,
  `/all/a?${'b=c&'.repeat(200)}`,
  '/none',
  '/',
];

/** Request targets: every character encoded in both cases of hexadecimal, and raw where a request line can hold it. */
export const paths: readonly ConformanceRequest[] = [
  ...characters.flatMap((character) => {
    const hex = `%${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
    const encoded = [...new Set([hex.toUpperCase(), hex])].map((spelling) => `/all/a${spelling}b`);
    return [...encoded, ...(/[ \0\t\n\r?#%]/.test(character) ? [] : [`/all/a${character}b`])];
  }),
  ...beyondAscii.map((bytes) => `/all/a${bytes}b`),
  ...shapes,
].map((path) => echoed(`path ${path.length > 60 ? `${path.slice(0, 12)}… of ${path.length}` : path}`, `GET ${path}`));
