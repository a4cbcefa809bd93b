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
  { value: 'deps', place: 'scope', pattern: /^(?:deps|deps-dev|dependencies)$/, because: 'its scope says so' },
  { value: 'perf', place: 'scope', pattern: /^perf(?:ormance)?$/, because: 'its scope says so' },
  { value: 'fix', place: 'prefix', pattern: /^(?:fix|fixe[ds]|bugfix|hotfix)!?$/, because: 'it says so' },
  { value: 'feature', place: 'prefix', pattern: /^(?:feat|feature|enhancement)!?$/, because: 'it says so' },
  { value: 'perf', place: 'prefix', pattern: /^perf!?$/, because: 'it says so' },
  { value: 'revert', place: 'prefix', pattern: /^revert!?$/, because: 'it says so' },
  { value: 'security', place: 'prefix', pattern: /^security!?$/, because: 'it says so' },
  { value: 'deps', place: 'prefix', pattern: /^deps?!?$/, because: 'it says so' },
  {
    value: 'docs',
    place: 'prefix',
    pattern: /^(?:docs?|tests?|ci|style|build)!?$/,
    because: 'it does not run in production',
  },
  { value: 'change', place: 'prefix', pattern: /^(?:change|refactor|chore)!?$/, because: 'it says so' },
  { value: 'security', place: 'section', pattern: /\bsecurity\b|\bcve\b|\bvulnerab/, because: 'its section' },
  { value: 'deps', place: 'section', pattern: /\bdependenc/, because: 'its section' },
  {
    value: 'docs',
    place: 'section',
    pattern: /\bdoc(?:s|umentation)?\b|\btest cases?\b|\btests?$|\bci$|^developer productivity$/,
    because: 'its section',
  },
  { value: 'perf', place: 'section', pattern: /\bperformance\b/, because: 'its section' },
  { value: 'perf', place: 'tag', pattern: /^performance$/, because: 'its tag' },
  {
    value: 'fix',
    place: 'section',
    pattern: /\bbug ?fix(?:es)?\b|\bfix(?:es|ed)?\b|\bfixed bugs\b|\bworkaround\b/,
    because: 'its section',
  },
  {
    value: 'change',
    place: 'section',
    pattern: /\bbreaking\b|\bnot (?:down|back)ward\b/,
    because: 'its section',
  },
  {
    value: 'feature',
    place: 'section',
    pattern: /\bfeatures?\b|\benhancements?\b|\badd(?:ed|itions)\b|\bnew (?:plugins?|features?)\b/,
    because: 'its section',
  },
  {
    value: 'change',
    place: 'section',
    pattern: /\bchange[sd]?\b|\bdeprecat|\bremoved\b/,
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

/** Says where more is written of a change that the line itself tells. */
const pointer =
  /(?<=\S.{10})\b(?:see|refer to|read|consult|check|described in|more (?:details?|information) (?:in|at)|as per) (?:\S+ ){0,8}(?:docs?|documentation|guides?|notes?|changelog)\b|\bas documented\b/;

export const overruled: readonly Overrule[] = [
  {
    value: 'revert',
    place: 'text',
    pattern: /^revert/,
    because: 'it takes something back',
    over: [...weaklySaid, 'deps'],
  },
  {
    value: 'docs',
    place: 'text',
    pattern:
      /^(?:docs?|documentation|clarif\w+|document(?:s|ed)?)\b|\bdocumentation\b|\bdocs\b|\breadme\b|\bbadge\b|^\[docs?\]|^(?:add|update|fix|improve|correct)\w* (?:\S+ ){0,4}(?:examples?|comments?)\b|\bchangelog\b|\bmigration (?:guide|notes?)\b|\bmaintainers?\b|\bguidelines?\b/,
    // What is written about a change is only pointed to.
    unless: pointer,
    because: 'it is about what is written of the product',
    over: weaklySaid,
  },
  {
    value: 'docs',
    place: 'text',
    pattern: /\btypos?\b|\bspelling\b|\bdocs?\b|\bguides?\b/,
    unless: pointer,
    because: 'it is about what is written of the product',
    // What is filed as a bug was misspelt where it counts.
    over: ['change', undefined],
  },
  {
    value: 'docs',
    place: 'text',
    pattern:
      /^(?:merge (?:branch|current|back|v\d)|cherry[- ]pick|prepare release|assert )|\brelease builds?\b|\bmake (?:install|deps)\b|\b(?:integration|unit|chaos|fuzz|regression) tests?\b|\btest cases?\b|^(?:add|fix|improve|update|remove|refactor|extend|stabili[sz]e|skip|split)\w* (?:\S+ ){0,5}(?:tests?|test suite|makefile|workflows?(?! plug)|linters?)\b|\bflaky\b|\be2e\b|\bin (?:the )?examples?\b|\bgithub actions?\b/,
    because: 'it is about tests, builds or the release itself',
    over: weaklySaid,
  },
  {
    value: 'deps',
    place: 'text',
    pattern:
      /^(?:bump|pin|vendor)\w* |^(?:remov|drop)\w* .{1,60} dependency$|^(?:upgrad|updat|downgrad|switch|migrat)(?:e|es|ed|ing)? (?!.*\bconventions?\b)(?:to )?(?:go ?\d|.{1,60} to (?:an? |the )?(?:new|newer|latest) version\b|(?:the )?(?:version of )?(?:dependency |(?:\S+ ){0,6}dep(?:endencie)?s\b|\S+ (?:\S+ ){0,4}(?:to )?(?:[\w.-]+ )?(?:v?\d+(?:\.[\dx]+|$)|[0-9a-f]{7,40}\b)|(?:\S+ ){1,3}(?:client|librar(?:y|ies)|libs?|sdk|dependenc(?:y|ies)|vendor|version|modules?|fork)(?:\.?$| (?:to|for|so) )|\S{1,60}\.\w{2,6}\/\S+|[\w.-]+\/[\w.-]+ |(?:\S+ ){1,5}lts$|[\w.]+(?:[-/][\w.]+)+$|\w+\.?$))|^(?:migrat|mov|switch|remov)\w* (?:to|usage of|use of) \S{1,60}\.\w{2,6}\/\S+|^(?:migrat|mov|switch)\w* (?:from )?\S+ to (?:\S+ )?\S*(?:librar(?:y|ies)|-lib|yaml)$/,
    because: 'it takes another version of something used',
    over: weaklySaid,
  },
  {
    value: 'security',
    place: 'text',
    pattern:
      /\bonly (?:trust|accept|allow|use)\b.{0,60}\btrusted\b|\bonly trust\b|\bstops? trusting\b|\bredact\w*|^(?:mask|hide|strip|remov|encrypt|obfuscat|filter)\w* (?:\S+ ){0,5}(?:secrets?|private keys?|passwords?|credentials|sensitive \w+|hashes|auth\w* data)\b|\bprivate keys?\b.{0,40}\b(?:logs?|responses?|get|expos\w+)\b|^(?:prevent|deny|forbid|block|restrict)\w*\b.{0,50}\b(?:to access|access to|accessing|unauthori[sz]ed)\b|^only allow \S+ (?:to )?access|^(?:do not|don't|never|avoid|stop) (?:expos|leak|log)\w* (?:\S+ ){0,4}(?:secrets?|passwords?|credentials?|tokens?|keys?)\b|^(?:do not|don't|never|stop) expos\w* (?:\S+ ){0,2}internal\b|\buntrusted\b|\bcve-\d|\bghsa-|\bvulnerab|^stop (?:forward|send|leak|expos)\w* .{0,60}\b(?:headers?|cookies?|credentials?|tokens?)\b|\b(?:crlf|header|command|sql|code|log)[ -]injection\b|\bsmuggl|\bspoof|\bredos\b|\battack(?:er|s)?\b|\bmalicious\b|\bcredential[- ]leak|\bleak\w* (?:\S+ ){0,3}(?:secrets?|passwords?|credentials?|tokens?|keys?)\b|\b(?:auth\w*|access|acl|allow-?list|whitelist) bypass|\bbypass\w* (?:\S+ ){0,3}(?:auth\w*|check|restriction|limit)|\btiming (?:constant|attack|safe)|\bconstant[- ]time\b|\bprivileges? escalat|\bescalat\w* (?:of )?privilege|\bpath traversal\b|\bdenial[- ]of[- ]service\b|\bplaintext (?:passwords?|secrets?|credentials?|keys?|tokens?)\b|\bin plain ?text\b|\brequir\w* (?:\S+ ){0,2}(?:admin key|authentication|passwords?)\b|\bsensitive data\b/,
    because: 'words of security',
    // What is new may be about attacks, and is a feature.
    over: ['fix', 'change', undefined],
  },
  {
    value: 'perf',
    place: 'text',
    pattern:
      /\bperformances?\b|\bfaster\b|^accelerat|^(?:do not|don't|avoid) (?:creat|re-?creat|build|re-?build|alloc|comput|pars)\w* .{0,60}\b(?:each|every|twice|again)\b|\bpressure (?:of|on)\b|\bspeed(?:s|ing)?[ -]?up\b|\b(?:high|excessive|heavy|constant|needless) cpu\b|\bcpu (?:usage|consumption|time|spikes?|load)\b|\breduc\w+ (?:\S+ ){0,3}(?:memory|cpu|latency|allocations?|contention|overhead|footprint|lock)\b|\b(?:fewer|less|avoid\w*|unnecessary) (?:\S+ )?(?:allocations?|copies|copying|memory|cpu)\b|\bmore efficient|\b(?:improv|lower)\w+ (?:\S+ ){0,4}(?:latency|throughput)\b|\bthroughput by\b/,
    unless: /\b(?:stuck|(?:endless|infinite|dead) ?(?:loop|lock))\b/,
    because: 'it is about what something costs',
    over: weaklySaid,
  },
  {
    value: 'perf',
    place: 'text',
    pattern: /\boptimi[sz](?:e|es|ed|ing|ations?)\b|^cache |\bcach(?:e|es|ing) (?:\S+ ){0,6}to avoid\b/,
    because: 'it is about what something costs',
    over: ['feature', 'change', undefined],
  },
  {
    value: 'change',
    place: 'text',
    pattern:
      /^(?:set|change|enforce|switch|make|turn|lower|raise|increase|decrease)\b.{0,60}\b(?:default|opt-in|opt-out|mandatory)\b|\bby default$|^(?:rename|deprecate|drop|chang)\w* |^disable (?!.*\b(?:when|if|while)\b)/,
    because: 'it sets how things are, rather than repairing them',
    over: ['fix', 'feature'],
    onlySection: true,
  },
  {
    value: 'change',
    place: 'text',
    pattern:
      /^(?:remov|delet|renam|deprecat|dropp|disabl|migrat|mov|refactor|rework)\w* |^drops? |\bis now (?:called|named)\b|^us(?:e|es|ing) (?!of )/,
    because: 'what is gone, or has another name, place or form, is nothing new',
    over: ['feature'],
    onlySection: true,
  },
  {
    value: 'security',
    place: 'text',
    pattern:
      /^(?:reject|deny|refuse|decline|block|ban|forbid|prohibit|disallow|normali[sz]e|saniti[sz]e|escape|validate|harden|restrict|limit|cap|bound|strip|remove unsafe)\w*\b.{0,60}\b(?:requests?|paths?|urls?|uris?|headers?|hosts?|characters?|bod(?:y|ies)|sizes?|lengths?|redirects?|payloads?|names?|prefix(?:es)?|records?|inputs?|references?|namespaces?|values?)\b/,
    because: 'it refuses or bounds what clients may send',
    over: ['fix'],
    onlySection: true,
  },
  {
    value: 'security',
    place: 'text',
    pattern:
      /^(?:introduce|add|enforce|apply|set)\b(?! (?:missing|option)).{0,40}\b(?:time-?outs?|limits?|deadlines?)\b/,
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
    pattern: /^(?:add|introduce)\w* (?:\S+ ){0,8}(?:to (?:prevent|avoid)|protection|missing)\b/,
    because: 'what it adds keeps a fault away',
  },
  {
    value: 'fix',
    place: 'text',
    pattern:
      /^(?:\S{1,40}: )?(?:fix|correct|prevent|avoid|resolve|handle|repair|restore|ensure|do not|don't|stop|guard|keep|preserve|return)\w*\b/,
    because: 'its verb',
  },
  {
    value: 'feature',
    place: 'text',
    pattern: /^(?:\S{1,40}: )?(?:add|support|allow|introduce|implement|enable|provide|expose|new|extend|enhance)\w*\b/,
    because: 'its verb',
  },
  {
    value: 'feature',
    place: 'text',
    pattern:
      /\b(?:(?:now )?supports?|is supported)\b|^(?:\S+ ){1,5}(?:adds?|added|allows?|exports?|provides?|introduces?|can)\b|^improv|^better\b/,
    because: 'it says that it can now',
  },
  { value: 'perf', place: 'text', pattern: /^(?:optimi[sz]|speed|accelerat|reduc)\w*\b/, because: 'its verb' },
  {
    value: 'change',
    place: 'text',
    pattern:
      /^(?:remov|drop|chang|replac|refactor|mov|us|mak|ignor|hid|renam|disabl|migrat|set|adjust|switch|clean|simplif|extract|split|revert|unif|don't|deprecat)\w*\b|\binternal\b/,
    because: 'its verb',
  },
  {
    value: 'feature',
    place: 'section',
    pattern: /^(?:core|improvements|(?:new )?plugins?)$/,
    because: 'a name or a sentence without such a verb, in a list of what is new',
  },
];
