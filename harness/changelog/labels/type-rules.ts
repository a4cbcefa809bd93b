/**
 * What kind of change a line is. First what the project says of it: mark, prefix, section. Then its words may say
 * better, since projects file hardening, new defaults and dependencies under "Bug fixes"; what they may not overrule is
 * named. A line of which the project says nothing is told by its first verb.
 */
import type { EntryType } from '../../model/changelog.ts';
import type { Rule } from './rule.ts';

export const said: readonly Rule<EntryType>[] = [
  { value: 'feature', place: 'mark', pattern: /^(?:sunrise|sparkles|rocket|new)$/, because: 'the mark for new things' },
  { value: 'fix', place: 'mark', pattern: /^(?:bug|ambulance)$/, because: 'the mark for bugs' },
  { value: 'security', place: 'mark', pattern: /^(?:lock|shield)$/, because: 'the mark for security' },
  { value: 'perf', place: 'mark', pattern: /^(?:zap|racehorse)$/, because: 'the mark for speed' },
  { value: 'perf', place: 'scope', pattern: /^perf(?:ormance)?$/, because: 'its scope says so' },
  { value: 'fix', place: 'prefix', pattern: /^(?:fix|fixe[ds]|bugfix|hotfix)!?$/, because: 'it says so' },
  { value: 'feature', place: 'prefix', pattern: /^(?:feat|feature|enhancement)!?$/, because: 'it says so' },
  { value: 'perf', place: 'prefix', pattern: /^perf!?$/, because: 'it says so' },
  { value: 'revert', place: 'prefix', pattern: /^revert!?$/, because: 'it says so' },
  { value: 'security', place: 'prefix', pattern: /^security!?$/, because: 'it says so' },
  { value: 'deps', place: 'prefix', pattern: /^deps?!?$/, because: 'it says so' },
  { value: 'deps', place: 'scope', pattern: /^(?:deps|deps-dev|dependencies)$/, because: 'its scope says so' },
  {
    value: 'docs',
    place: 'prefix',
    pattern: /^(?:docs?|tests?|ci|style|build)!?$/,
    because: 'it does not run in production',
  },
  { value: 'change', place: 'prefix', pattern: /^(?:change|refactor|chore)!?$/, because: 'it says so' },
  { value: 'security', place: 'section', pattern: /\bsecurity\b|\bcve\b|\bvulnerab/i, because: 'its section' },
  { value: 'deps', place: 'section', pattern: /\bdependenc/i, because: 'its section' },
  {
    value: 'docs',
    place: 'section',
    pattern: /\bdoc(?:s|umentation)?\b|\btest cases?\b|\btests?$|\bci$/i,
    because: 'its section',
  },
  { value: 'perf', place: 'section', pattern: /\bperformance\b/i, because: 'its section' },
  { value: 'perf', place: 'tag', pattern: /^performance$/, because: 'its tag' },
  {
    value: 'fix',
    place: 'section',
    pattern: /\bbug ?fix(?:es)?\b|\bfix(?:es|ed)?\b|\bfixed bugs\b|\bworkaround\b/i,
    because: 'its section',
  },
  {
    value: 'feature',
    place: 'section',
    pattern: /\bfeatures?\b|\benhancements?\b|\badd(?:ed|itions)\b|\bnew (?:plugins?|features?)\b/i,
    because: 'its section',
  },
  {
    value: 'change',
    place: 'section',
    pattern: /\bchange[sd]?\b|\bdeprecat|\bremoved\b|\bbreaking\b|\bnot downward compatible\b/i,
    because: 'its section',
  },
];

export interface Overrule extends Rule<EntryType> {
  /** What it may overrule; a line of which nothing was said is `undefined`. */
  readonly over: readonly (EntryType | undefined)[];
  /** Only where the line sits in a section, and says nothing of itself by mark, prefix or the verb "fix". */
  readonly onlySection?: true;
}

const weaklySaid: Overrule['over'] = ['fix', 'feature', 'change', undefined];

export const overruled: readonly Overrule[] = [
  {
    value: 'revert',
    place: 'text',
    pattern: /^revert/i,
    because: 'it takes something back',
    over: [...weaklySaid, 'deps'],
  },
  {
    value: 'docs',
    place: 'text',
    pattern:
      /^(?:docs?|documentation|clarif\w+|document(?:s|ed)?)\b|\bdocumentation\b|\bdocs\b|\btypos?\b|\breadme\b|\bchangelog\b|\bmigration (?:guide|notes?)\b|\bmaintainers?\b|\bguidelines?\b/i,
    because: 'it is about what is written of the product',
    over: weaklySaid,
  },
  {
    value: 'docs',
    place: 'text',
    pattern:
      /^(?:merge (?:branch|current|back|v\d)|cherry[- ]pick|prepare release)|^(?:add|fix|improve|update|remove|refactor|extend|stabili[sz]e|skip|split)\w* (?:\S+ ){0,5}(?:tests?|test suite|makefile|workflows?(?! plug)|linters?)\b|\bflaky\b|\be2e\b|\bin (?:the )?examples?\b|\bgithub actions?\b/i,
    because: 'it is about tests, builds or the release itself',
    over: weaklySaid,
  },
  {
    value: 'deps',
    place: 'text',
    pattern:
      /^(?:bump|pin) |^(?:upgrade|update|downgrade|switch) (?:the )?(?:version of )?(?:dependency |(?:\S+ ){0,2}dependencies\b|\S+ (?:\S+ ){0,4}to (?:[\w.-]+ )?(?:v?\d+(?:\.\d+|$)|[0-9a-f]{10,40}\b)|(?:\S+ ){1,3}(?:client|librar(?:y|ies)|libs?|sdk|dependenc(?:y|ies)|vendor)\.?$|\S{1,60}\.\w{2,6}\/\S+|[\w]+(?:-\w+)+$)/i,
    because: 'it takes another version of something used',
    over: weaklySaid,
  },
  {
    value: 'security',
    place: 'text',
    pattern:
      /\bonly (?:trust|accept|allow|use)\b.{0,60}\btrusted\b|\bonly trust\b|\bstops? trusting\b|\buntrusted\b|\bCVE-\d|\bGHSA-|\bvulnerab|\b(?:crlf|header|command|sql|code|log)[ -]injection\b|\bsmuggl|\bspoof|\bredos\b|\battack(?:er|s)?\b|\bmalicious\b|\bcredential[- ]leak|\bleak\w* (?:\S+ ){0,3}(?:secrets?|passwords?|credentials?|tokens?|keys?)\b|\b(?:auth\w*|access|acl|allow-?list|whitelist) bypass|\bbypass\w* (?:\S+ ){0,3}(?:auth\w*|check|restriction|limit)|\btiming (?:constant|attack|safe)|\bconstant[- ]time\b|\bprivileges? escalat|\bescalat\w* (?:of )?privilege|\bpath traversal\b|\bdenial[- ]of[- ]service\b|\bplaintext\b|\bsensitive data\b/i,
    because: 'words of security',
    over: weaklySaid,
  },
  {
    value: 'perf',
    place: 'text',
    pattern:
      /\bperformances?\b|\bfaster\b|\bspeed(?:s|ing)?[ -]?up\b|\b(?:high|excessive|heavy|constant|needless) cpu\b|\bcpu (?:usage|consumption|time|spikes?|load)\b|\breduc\w+ (?:\S+ ){0,3}(?:memory|cpu|latency|allocations?|contention|overhead|footprint|lock)\b|\b(?:fewer|less|avoid\w*|unnecessary) (?:\S+ )?(?:allocations?|copies|copying|memory|cpu)\b|\bmore efficient|\b(?:improv|lower)\w+ (?:\S+ ){0,4}(?:latency|throughput)\b|\bthroughput by\b/i,
    because: 'it is about what something costs',
    over: weaklySaid,
  },
  {
    value: 'perf',
    place: 'text',
    pattern: /\boptimi[sz](?:e|es|ed|ing|ations?)\b|^cache |\bcach(?:e|es|ing) (?:\S+ ){0,6}to avoid\b/i,
    because: 'it is about what something costs',
    over: ['feature', 'change', undefined],
  },
  {
    value: 'change',
    place: 'text',
    pattern:
      /^(?:set|change|switch|make|use|turn|lower|raise|increase|decrease)\b.{0,60}\b(?:default|opt-in|opt-out|optional|mandatory)\b|\bby default$|^(?:disable|rename|deprecate|drop) /i,
    because: 'it sets how things are, rather than repairing them',
    over: ['fix', 'feature'],
    onlySection: true,
  },
  {
    value: 'change',
    place: 'text',
    pattern: /^(?:remov|delet|renam|deprecat|dropp|disabl|migrat|mov)\w* |^drops? /i,
    because: 'what is gone, or has another name or place, is nothing new',
    over: ['feature'],
    onlySection: true,
  },
  {
    value: 'security',
    place: 'text',
    pattern:
      /^(?:reject|deny|refuse|decline|block|ban|forbid|prohibit|disallow|normali[sz]e|saniti[sz]e|escape|validate|harden|restrict|limit|cap|bound|strip|remove unsafe)\w*\b.{0,60}\b(?:requests?|paths?|urls?|uris?|headers?|hosts?|characters?|bod(?:y|ies)|sizes?|lengths?|redirects?|payloads?|names?|prefix(?:es)?|records?|inputs?)\b/i,
    because: 'it refuses or bounds what clients may send',
    over: ['fix'],
    onlySection: true,
  },
  {
    value: 'security',
    place: 'text',
    pattern:
      /^(?:introduce|add|enforce|apply|set)\b(?! (?:missing|option)).{0,40}\b(?:time-?outs?|limits?|deadlines?)\b/i,
    because: 'a bound that comes as a fix protects from what clients do',
    over: ['fix'],
    onlySection: true,
  },
];

/** By the first verb, where nothing else tells. */
export const verbs: readonly Rule<EntryType>[] = [
  {
    value: 'fix',
    place: 'text',
    pattern: /^(?:add|introduce)\w* (?:\S+ ){0,8}(?:to (?:prevent|avoid)|protection|missing)\b/i,
    because: 'what it adds keeps a fault away',
  },
  {
    value: 'fix',
    place: 'text',
    pattern:
      /^(?:fix|correct|prevent|avoid|resolve|handle|repair|restore|ensure|do not|don't|stop|guard|keep|preserve|return)\w*\b/i,
    because: 'its verb',
  },
  {
    value: 'feature',
    place: 'text',
    pattern: /^(?:add|support|allow|introduce|implement|enable|provide|expose|new|extend|enhance)\w*\b/i,
    because: 'its verb',
  },
  {
    value: 'feature',
    place: 'text',
    pattern: /\b(?:(?:now )?supports?|is supported)\b/i,
    because: 'it says that it can now',
  },
  { value: 'perf', place: 'text', pattern: /^(?:optimi[sz]|speed|accelerat|reduc)\w*\b/i, because: 'its verb' },
];
