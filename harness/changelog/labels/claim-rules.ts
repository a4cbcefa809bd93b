/** What of a line could be measured: by its type, its area and its words, the subjects that must move if it is true. */
import type { Area, Claim, EntryType, Subject } from '../../model/changelog.ts';

export interface ClaimRule {
  readonly types?: readonly EntryType[];
  readonly areas?: readonly Area[];
  /** Looked for in the line's own words. */
  readonly words?: RegExp;
  readonly direction: Claim['direction'];
  readonly subjects: readonly Subject[];
  /** The words name the fault, so that nothing else is claimed. */
  readonly alone?: true;
  readonly because: string;
}

/** Where what a line says of speed is felt by clients of routes that this harness writes. */
const served: readonly Area[] = [
  'etcd-sync',
  'router',
  'upstream',
  'healthcheck',
  'keepalive',
  'proxy-path',
  'proxy-headers',
  'proxy-streaming',
  'lifecycle',
  'observability',
  'other',
];
const slow =
  /\bslow\w*|\blatenc\w+|\bcpu\b|\bstall\w*|\bspikes?\b|\bblock(?:s|ed|ing)? the (?:event )?loop|\brebuil[dt]\w*|\bsort(?:s|ed|ing)?\b|\bjitter\b|\bp9\d\b/;
const failing =
  /\b5\d\d\b|\berrors?\b|\bfail\w*|\brefus\w+|\breset\b|\bcrash\w*|\bpanic\w*|\bunavailab\w+|\babort\w*|\bnil\b|\bdropp?\w* (?:requests?|connections?)/;

export const claimRules: readonly ClaimRule[] = [
  {
    words: /\bno (?:functional|behaviou?ral|behaviou?r|user[- ]visible|performance) (?:changes?|impact|effect)\b/,
    direction: 'same',
    subjects: ['latency-p99', 'error-share', 'write-visible-delay'],
    because: 'it promises that nothing changes',
  },
  {
    types: ['feature', 'change', 'security', 'deps', 'revert'],
    words:
      /\b(?:higher|more|increas\w+|rais\w+|adds?|up to) (?:\S+ ){0,4}(?:latency|p99)\b|\blatency (?:\S+ ){0,3}(?:rise|rises|grow|grows|increase|increases|higher|up)\b|\bslower\b|\bcosts? (?:\S+ ){0,3}(?:latency|cpu)\b/,
    direction: 'worse',
    subjects: ['latency-p99'],
    because: 'it announces a cost',
  },
  {
    types: ['feature', 'change', 'security', 'deps', 'revert'],
    words:
      /\b(?:higher|more|increas\w+|adds?|up to) (?:\S+ ){0,4}(?:cpu|processor time)\b|\bcosts? (?:\S+ ){0,3}(?:cpu|processor time)\b/,
    direction: 'worse',
    subjects: ['cpu-per-request'],
    because: 'it announces a cost',
  },
  {
    types: ['perf', 'fix'],
    areas: served,
    words: /\bcpu\b|\bprocessor time\b/,
    direction: 'better',
    subjects: ['cpu-per-request'],
    because: 'it is about processor time',
  },
  {
    types: ['perf', 'fix'],
    areas: served,
    words:
      /\bmemory (?:\S+ )?(?:leak\w*|grow\w*)|\bleak\w* (?:of |in )?(?:\S+ )?memory\b|\bgrow\w* (?:\S+ ){0,2}memory\b/,
    direction: 'better',
    subjects: ['rss-slope'],
    alone: true,
    because: 'it is about memory that is kept',
  },
  {
    types: ['perf', 'fix'],
    areas: ['etcd-sync'],
    words: /\b(?:bandwidth|bytes|traffic)\b|\bfull (?:reads?|reloads?|syncs?)\b|\b(?:load|pressure) on etcd\b/,
    direction: 'better',
    subjects: ['etcd-bytes-per-change'],
    because: 'it is about what is read from etcd',
  },
  {
    types: ['perf', 'fix'],
    areas: ['router'],
    words: /\bstall\w*|\brebuil[dt]\w*|\b(?:large|big|many|thousands of) (?:\S+ )?(?:routes?|tables?)\b/,
    direction: 'better',
    subjects: ['stall-growth'],
    because: 'it is about how changes cost more with the size of the table',
  },
  {
    types: ['perf'],
    areas: ['router', 'etcd-sync'],
    direction: 'better',
    subjects: ['latency-p99', 'write-visible-delay'],
    because: 'what is cheaper here is felt under configuration changes',
  },
  {
    types: ['perf'],
    areas: served.filter((area) => area !== 'router' && area !== 'etcd-sync'),
    direction: 'better',
    subjects: ['latency-p99'],
    because: 'what is cheaper here is felt in the latency',
  },
  {
    types: ['fix'],
    areas: ['etcd-sync', 'router', 'lifecycle'],
    words:
      /\blos(?:e|es|t|ing|s)\b|\bmiss(?:es|ed)\b|\bskipp\w+|\bdropp\w+ (?:events?|updates?|changes?)|\bstale (?:routes?|config\w*)/,
    direction: 'better',
    subjects: ['no-lost-update'],
    alone: true,
    because: 'it names configuration that is lost',
  },
  {
    types: ['fix'],
    areas: ['etcd-sync', 'lifecycle'],
    words:
      /\bconverg\w+|\bcatch(?:es|ing)? up\b|\bnever (?:recover|reconnect|resum)\w*|\bstops? (?:sync|watch|follow)ing\b|\bstuck\b/,
    direction: 'better',
    subjects: ['converge'],
    alone: true,
    because: 'it names a worker that does not catch up',
  },
  {
    types: ['fix'],
    areas: ['etcd-sync', 'router', 'lifecycle'],
    words:
      /\b404s?\b|\bthrow\w* away\b|\bwip(?:e|es|ed)\b|\bempt(?:y|ies|ied) (?:\S+ )?(?:routes?|config\w*|tables?)|\bkeep the previous\b/,
    direction: 'better',
    subjects: ['serve-last-good'],
    alone: true,
    because: 'it names configuration that is thrown away',
  },
  {
    types: ['fix'],
    areas: ['etcd-sync'],
    direction: 'better',
    subjects: ['no-lost-update', 'converge', 'serve-last-good'],
    because: 'a fault here shows as configuration that is lost, late or thrown away',
  },
  {
    types: ['fix'],
    areas: ['etcd-sync'],
    words: /\bdelay\w*|\blate\b|\bslow\w*|\bpropagat\w+/,
    direction: 'better',
    subjects: ['write-visible-delay'],
    because: 'it is about how soon a change is served',
  },
  {
    types: ['fix'],
    areas: ['router'],
    direction: 'better',
    subjects: ['serve-last-good', 'no-lost-update'],
    because: 'a fault here shows as routes that are served wrongly',
  },
  {
    types: ['fix'],
    areas: served,
    words: slow,
    direction: 'better',
    subjects: ['latency-p99', 'write-visible-delay'],
    because: 'it is about being slow',
  },
  {
    types: ['fix'],
    areas: ['etcd-sync', 'router', 'upstream', 'healthcheck', 'keepalive', 'lifecycle'],
    words: failing,
    direction: 'better',
    subjects: ['error-share'],
    because: 'it is about requests that fail',
  },
  {
    types: ['fix'],
    areas: ['upstream', 'healthcheck', 'lifecycle'],
    direction: 'better',
    subjects: ['error-share', 'serve-last-good', 'converge'],
    because: 'a fault here shows as requests that fail, or a worker that serves what is old',
  },
];
