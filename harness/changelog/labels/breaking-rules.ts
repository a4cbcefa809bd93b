/**
 * What breaks users. A mark is a project's own word. Without one, these are the words of changes that broke users and
 * were filed under bug fixes: a refused request, another default, an option that is gone. They never move a verdict:
 * they call for scenarios.
 */
import type { Breaking, EntryType } from '../../model/changelog.ts';
import type { Rule } from './rule.ts';

export const marks: readonly Rule<Breaking>[] = [
  { value: 'marked', place: 'mark', pattern: /^(?:warning|boom|rotating_light)$/, because: 'the mark for it' },
  { value: 'marked', place: 'prefix', pattern: /!$/, because: 'the mark for it' },
  {
    value: 'marked',
    place: 'section',
    pattern: /\bbreaking\b|\bnot (?:down|back)ward|\bincompatib/i,
    because: 'its section',
  },
  {
    value: 'marked',
    place: 'section',
    pattern: /^(?:behavior changes|removed config or runtime)$/i,
    because: 'its section',
  },
  {
    value: 'marked',
    place: 'text',
    pattern: /\bbreaking[- ]changes?\b|\bnot (?:back|down)wards?[- ]compatible\b|\bbreaks (?:back|down)wards? compat/i,
    because: 'it says so',
  },
];

/** Nothing of these can break a running gateway by itself. */
export const harmless: readonly EntryType[] = ['docs', 'deps'];

export interface Suspicion extends Rule<Breaking> {
  /** Words beside which it says nothing. */
  readonly unless?: RegExp;
  readonly types?: readonly EntryType[];
}

export const suspicions: readonly Suspicion[] = [
  {
    value: 'suspected',
    place: 'section',
    pattern: /^(?:.* \/ )?(?:removed|removals?|deprecat(?:ed|ions?))\b/i,
    because: 'its section',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /\b(?:set|chang|switch|mak|enabl|disabl|turn|reset)\w*\b.{0,50}\bdefaults?\b|\bby default\b|\bdefaults? (?:to|is|are|now)\b|\(default:? \S|\bnew default\b/i,
    unless:
      /\b(?:support|allow)\w*\b.{0,30}\bdefault|\bdefault (?:sizes?|buckets|entry ?points?|backend)\b|^fix\w*:? (?:\S+ ){0,3}default/i,
    because: 'another default',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /^(?:reject|deny|refuse|decline|block|ban|forbid|prohibit|normali[sz]e|saniti[sz]e|strip|enforce|harden|restrict|validate)\w*\b|\bnow (?:rejects?|requires?|fails?|returns?|refuses?|denies|verifies|validates|ignores?)\b|\b(?:is|are) now (?:rejected|refused|denied|required|ignored|removed|verified|validated|mandatory)\b/i,
    unless: /^(?:validate|strip)\w* .{0,40}\b(?:logs?|docs|internal|before use)\b/i,
    because: 'what was let through may not be now',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /^(?:discard|drop|ignore|skip)\w*\b.{0,60}\b(?:requests?|headers?|connections?|bod(?:y|ies)|characters?|cookies?)\b/i,
    because: 'what was let through may not be now',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /\bonly (?:trust|accept|allow)\w*\b|\b(?:stop|cease|quit)s? (?:trust|accept|allow|honou?r|follow|support|forward|pass|send)ing\b|\bdisallow|\bforbid|\bno longer\b(?! (?:block|fail|crash|leak|panic|hang|lose|lost|drop|stall|wait|stuck|break|log|retr|affect|wrong|duplicat|time)\w*)|\bstrict(?:er|ly)?\b.{0,40}\b(?:schema|validat|check|match|pars)|\brejects?\b.{0,40}\b(?:requests?|characters?|paths?|headers?|config\w*|values?|connections?|unknown|duplicate)/i,
    because: 'what worked may not work now',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /(?:^|\band |[.;:] )(?:remov|drop|delet)\w* (?:\S+ ){0,6}(?:options?|fields?|support|plugins?|apis?|endpoints?|headers?|param\w*|config\w*|metrics?|labels?|algorithms?|protocols?|modules?|middlewares?|attributes?|flags?|properties|property|items?|providers?|directives?)\b|(?:^|\band )(?:remov|drop)\w* (?:the )?`|`[^`]{1,80}` (?:is|are|has been|have been) removed\b|\bdrops? support\b/i,
    unless:
      /\b(?:unused|dead|redundant|stale|unnecessary|useless|duplicated?|temporary|leftover|unneeded|untrusted|unrelated|empty|trailing|leaking|extra)\b|\bremove\w* (?:\S+ ){0,4}(?:from (?:the )?(?:logs?|docs?)|tests?)\b/i,
    because: 'something is gone',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /^(?:rename|deprecat|revert|replace|disable|move)\w*\b(?=.{0,80}(?:`|\b(?:options?|fields?|headers?|plugins?|metrics?|labels?|apis?|config\w*|support|default|provider|middleware|timeouts?|endpoints?)\b))|^revert|\bmarked? (?:\S+ ){0,5}(?:as )?deprecated\b|^deprecat|\b(?:is|are) (?:moved|renamed|deprecated|replaced)\b/i,
    unless: /^(?:replace|move)\w* .{0,60}\b(?:internal|tests?|helper|implementation)\b/i,
    because: 'something has another name or place, or is taken back',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /^(?:introduce|enforce|apply|cap|bound|limit|tighten|lower)\w*\b.{0,50}\b(?:time-?outs?|\w*timeout|limits?|max\w*|size|length|count|number)\b/i,
    because: 'a bound that was not there',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern: /^(?:add|set)\w*\b(?! (?:missing|option|support)).{0,40}\b(?:\w*time-?outs?|limits?)\b/i,
    types: ['fix', 'security', 'change'],
    because: 'a bound that was not there',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /\b(?:require|enforce|mandate)s?\b|\b(?:mak|becom)\w*\b.{0,50}\b(?:opt-in|opt-out|mandatory|required|case[- ]sensitive|strict)\b|\bnow opt-in\b|\bmandatory\b/i,
    unless: /\b(?:no longer|not|does not|doesn't) require/i,
    because: 'something has to be done for it now',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /\bchang(?:e|es|ed|ing) (?:the )?(?:\S+ ){0,3}(?:behaviou?r|format|response|status|semantics?|meaning|order|precedence|priority|names?|type|schema|algorithm)\b|\breturns? .{0,60}\binstead of\b|\b\d{3}\b.{0,60}\binstead of\b|\bredesign\b|\bincompatib/i,
    because: 'it answers otherwise',
  },
];
