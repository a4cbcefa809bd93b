/** What goes wrong with requests and answers: an explicit list, one file each. */
import { chunkedWithLength } from './chunked-with-length.ts';
import { cpuTax } from './cpu-tax.ts';
import { dupHeaderStringify } from './dup-header-stringify.ts';
import { dupHeader } from './dup-header.ts';
import { lingerKillsUpgraded } from './linger-kills-upgraded.ts';
import { pathDecodeSlash } from './path-decode-slash.ts';
import { rare404 } from './rare-404.ts';
import { readTimeoutTotal60 } from './read-timeout-total-60.ts';
import { rejectEncodedChars } from './reject-encoded-chars.ts';
import { sseBuffered } from './sse-buffered.ts';
import { wsUpgradeHeaderDropped } from './ws-upgrade-header-dropped.ts';
import { xffStripped } from './xff-stripped.ts';
import type { Mutant } from '../mutant.ts';

export const httpMutants: readonly Mutant[] = [
  chunkedWithLength,
  cpuTax,
  dupHeaderStringify,
  dupHeader,
  lingerKillsUpgraded,
  pathDecodeSlash,
  rare404,
  readTimeoutTotal60,
  rejectEncodedChars,
  sseBuffered,
  wsUpgradeHeaderDropped,
  xffStripped,
];
