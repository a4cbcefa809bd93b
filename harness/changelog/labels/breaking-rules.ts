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
    pattern: /\bbreaking\b|\bnot (?:down|back)ward|\bincompatib/,
    because: 'its section',
  },
  {
    value: 'marked',
    place: 'section',
    pattern: /^(?:behavior changes|removed config or runtime)$/,
    because: 'its section',
  },
  {
    value: 'marked',
    place: 'text',
    needs: ['breaking', 'compat'],
    pattern:
      /\bbreaking[- ](?:\w+ )?changes?\b|\b(?:is|are|be) (?:a )?breaking\b|\bnot (?:back|down)wards?[- ]compatible\b|\bbreaks (?:back|down)wards? compat/,
    because: 'it says so',
  },
];

/** Nothing of these can break a running gateway by itself. */
export const harmless: readonly EntryType[] = ['docs', 'deps'];

export interface Suspicion extends Rule<Breaking> {
  readonly types?: readonly EntryType[];
  /** Only below such a heading. */
  readonly below?: RegExp;
}

/** What loosens, or is about looks and messages, takes nothing away from anybody, whatever verb it has. */
export const harmlessWords: RegExp =
  /\b(?:theme|logo|tooltip|button|favicon|pwa|licen[cs]e)\b|\bno longer (?:experimental|(?:sets?|imposes?) (?:an? )?(?:\S+ )?limits?|required?|requires|needed|needs|necessary|depends)\b|\bout(?:side)? (?:of )?(?:the )?experimental\b|^(?:remov|drop|delet)\w* (?:\S+ ){0,5}(?:requirement|removal|constraint|restriction|limitation|sanitization|check|validation|dependency|dependencies|warning|deadlines?|backoff|imports?)\b|\binstead of (?:an? )?(?:\S+ )?(?:panic|crash|error|erroring|fail|hang|abort|nil\b|throw|5\d\d\b)/;

export const suspicions: readonly Suspicion[] = [
  {
    value: 'suspected',
    place: 'section',
    pattern: /^(?:.* \/ )?(?:removed|removals?|deprecat(?:ed|ions?))\b|\bformat changes?\b/,
    because: 'its section',
  },
  {
    value: 'suspected',
    place: 'text',
    needs: ['default'],
    pattern:
      /\b(?:set|chang|switch|mak|enabl|disabl|turn|reset|bump|increas|lower|reduc|decreas)\w*\b.{0,50}\bdefaults?\b|^(?:remov|drop|rais)\w* (?:the |an? )?default\b|\bby default\b|\bnew default\b|\bdefault\b.{0,60}\b(?:chang|bump|rais|increas|lower|reduc)ed\b|\bdefault (?:value )?(?:is|are|was) (?:now )?set to\b|\bnow defaults?\b|\bas (?:the )?(?:new )?default\b|\b(?:from|out of) (?:the )?defaults?\b/,
    unless:
      /\b(?:support|allow)\w*\b.{0,30}\bdefault|\bdefault (?:sizes?|buckets|backend)\b|^fix(?:e[sd])?\b(?!.{0,80}\bnow\b).{0,60}default|\b(?:do not|don't|should not|must not|never) (?:override |overwrite |default)|\boptional\b|\bdefault is (?:given|set\b(?! to)|missing|not\b)|^(?:add|new\b|a new\b|provid|expos)\w*.{1,400}\b(?:off|disabled|false|not enabled|by default,)|\bcan now be\b/,
    because: 'another default',
  },
  {
    value: 'suspected',
    place: 'text',
    needs: ['default'],
    pattern: /\bdefault(?:s|ing)? (?:to|is|are)\b(?! (?:given|set\b|missing|not\b|configured))|\(default:? \S/,
    unless:
      /\b(?:support|allow)\w*\b.{0,30}\bdefault|^fix(?:e[sd])?\b.{0,60}default|\b(?:do not|don't|should not|must not|never) (?:override |overwrite |default)|\boptional\b|^(?:add|new\b|a new\b|introduc|implement|provid|expos)\w*|\bcan now be\b|\bsupports? (?:config|sett)/,
    because: 'another default',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /^(?:reject|deny|refuse|decline|block|ban|reserve|forbid|prohibit|normali[sz]e|saniti[sz]e|enforce|harden|restrict|validate|disallow)\w*\b|^strip(?:s|ped|ping)?\b|\bnow (?:rejects?|requires?|fails?|returns?|refuses?|denies|verifies|validates|ignores?|enforces?|expects?|needs?|blocks?|forbids?|limits?|errors?|strips?|drops?|discards?|escapes?|normali[sz]es?|only)\b|\b(?:is|are) now (?:rejected|refused|denied|required|ignored|removed|verified|validated|mandatory|blocked|forbidden|disabled|enforced|checked|limited|capped|bounded|stripped|dropped|discarded|escaped|encoded|normali[sz]ed|hidden|redacted|closed|treated|an error|off\b|case|opt-in|subject|only|in (?:micro|milli|nano|second|byte|kilo|utc)|`)/,
    unless: /^(?:validate|strip)\w* .{0,40}\b(?:logs?|docs|internal|before us(?:e|ing))\b/,
    because: 'what was let through may not be now',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /^(?:always )?(?:discard|drop|ignore)\w*\b.{0,60}\b(?:requests?|headers?|connections?|bod(?:y|ies)|characters?|cookies?)\b/,
    unless: /\b(?:missing|empty|errors?|broken|closed|dead|duplicated?|unnecessary|unneeded)\b/,
    because: 'what was let through may not be now',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /^(?:guard|protect)\w*\b.{0,60}\bauth|^only (?:forward|listen|pass|send|expose|match)\w*\b|\bonly (?:trust|accept|allow|honou?r)\w*\b|\bonly supports?\b|\b(?:trust|accept|allow|honou?r|support)s? only\b|(?:\bnot|\bnever|n't) (?:be )?(?:allow(?!ing)|permit(?!ting))\w*\b(?! to\b)|^(?:do not|don't|never) (?:accept|trust|expose|follow|forward|support|honou?r|promise)\b|^prevent\b.{0,60}\b(?:to access|from (?:accessing|using|setting|overriding|sending|reaching))\b|\bunsupported now\b|^fails? (?:loud\w*|fast|closed|early|hard)\b|\b(?:names?|values?|paths?|headers?|ids?) (?:cannot|can't|must not)\b|^use .{1,80} instead\.?(?: \(|$)|\b(?:stop|cease|quit)s? (?:trust|accept|allow|honou?r|follow|support|forward|pass|send)ing\b|\bdisallow|\bforbid|\bno longer\b(?! (?:block|fail|crash|leak|panic|hang|lose|lost|drop|stall|wait|stuck|break|log|retr|affect|wrong|duplicat|time|caus|rais|throw|clobber|overwr|overrid|grow|interfer|conflict|be (?:overwr|overrid|lost|dropped|stuck)|corrupt|truncat|overflow|spam)\w*)|\bstrict(?:er|ly)?\b.{0,40}\b(?:schema|validat|check|match|pars)|\b(?:schemas?|validation|checks?|checking|matching|parsing) (?:\S+ ){0,5}(?:stricter|more strict)\b|\bcan (?:now )?only (?:be )?\w+|\brejects?\b.{0,40}\b(?:requests?|characters?|paths?|headers?|config\w*|values?|connections?|unknown|duplicate)/,
    because: 'what worked may not work now',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /(?:^|\band |[.;:] )(?:remov|drop|delet)\w* (?:\S+ ){0,6}(?:options?|fields?|support|plugins?|apis?|endpoints?|headers?|param\w*|config\w*|metrics?|labels?|algorithms?|protocols?|modules?|middlewares?|attributes?|flags?|properties|property|items?|providers?|directives?|commands?|\S*detection|strateg(?:y|ies)|phases?|templates?|variables?|functions?|methods?|formats?|modes?|annotations?|backends?|drivers?|features?|functionality|integration|compatibility|routers?|rule types?|elements?|v\d[\d.]*|\d+\.\d[\d.x]*|kubernetes|observability)(?![-\w])|(?:^|\band )(?:remov|drop)\w* (?:the |all )?`|^(?:remov|drop|delet)\w* (?:\S+ ){0,2}(?:deprecated|legacy|obsolete)\b|^remov\w* .{1,60} from (?:the )?(?:enums?|schemas?|crds?|api|responses?|untrusted)\b|(?:\b(?:fields?|options?|param\w*|directives?|flags?|commands?|support|settings?|propert(?:y|ies)|attributes?|apis?|features?|metrics?|labels?|variables?|functions?|algorithms?)|`) (?:for \S+ |of \S+ )?(?:is|are|was|were|has been|have been|got) (?:now )?(?:removed|dropped|discontinued|withdrawn)\b|\bdrop(?:s|ped|ping)? support\b|\b(?:end of|ends|ended) (?:life|support)\b|\b(?:discontinu|sunset|retir)(?:e|es|ed|ing)\b|\bno longer exists?\b|^(?!fix).{1,100}\b(?:has|have) been (?:removed|dropped|withdrawn)\b/,
    unless:
      /(?:remov|drop|delet)\w* (?:\S+ ){0,3}(?:[^\s-]+-)?(?:unused|dead|redundant|stale|unnecessary|useless|duplicated?|temporary|leftover|unneeded|excessive|unrelated|unwanted|double|hard-?coded|buggy|confusing|internal(?! (?:resources|headers|requests|routers|services))|invalid|nonexistent|empty|trailing|leaking|extra)\b|\b(?:--help output|logging messages?|code usage|from (?:the )?code|function calls?)\b|\bremove\w* (?:\S+ ){0,4}(?:from (?:the )?(?:logs?|docs?)|tests?)\b/,
    because: 'something is gone',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /(?:^|\. )(?:revert|replace|move)\w*\b(?=.{0,80}(?:`|\b(?:options?|fields?|headers?|plugins?|metrics?|labels?|apis?|images?|registr(?:y|ies)|config(?:uration)?s?|support|default|provider|middleware|timeouts?|endpoints?)\b))|^revert|\brenam(?:e|es|ed|ing)\b|\bnew name\b|\bmark(?:s|ed|ing)? (?:\S+ ){0,5}(?:as )?deprecated\b|\bdeprecat(?:e|es|ing)\b(?! (?:logs?|warnings?|messages?))|^deprecat|\b(?:is|are|has been|have been|was|were) (?:now )?(?:moved|renamed|deprecated|replaced|placed|superseded)\b|\bis now (?:implemented|configured|set|found|located|called|named|part of|under)\b|\bplaced under\b|^refactor\w* .{0,60}\bto (?:remove|drop|delete)\b|\bin favou?r of\b|\bmigrat\w* .{1,60} from .{1,40} to\b/,
    unless:
      /^(?:replace|move|rename)\w* .{0,60}\b(?:internal|tests?|helpers?|implementation|packages?|files?|struct|mock|libs?|cache)\b|^package |^fix\w*\b.{0,80}\brenam|\bsupport\w* .{0,40}renam|^revert\w* .{0,60}\b(?:vendor|generated|tests?|ci|merge)\b|\b(?:file|log|pod|container|service|node)s? (?:\S+ ){0,2}(?:is|are|was|were|has been) (?:renamed|moved|replaced)\b/,
    because: 'something has another name or place, or is taken back',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern: /^(?:mov|replac|renam|remov|delet)\w* `?\S+\.(?:ya?ml|conf|toml|json)\b/,
    because: 'a file of settings has another name or place, or is gone',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /^(?:introduce|enforce|apply|cap|bound|limit|tighten|lower)\w*\b(?!-| (?:count|req|conn)\b).{0,50}\b(?:time-?outs?|\w*timeout|limits?|max\w*|size|length|count|number)\b/,
    because: 'a bound that was not there',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /\b(?:checks?|validations?) (?:that|to|which) (?:prevents?|rejects?|ensures?|forbids?|refuses?|make sure)\b|^enabl\w* (?:\S+ ){0,2}(?:validation|verification)\b|^(?:add|introduc)\w* (?:\S+ ){0,2}(?:validation|protection|restriction)s?\b(?! (?:plugin|middleware|option|support))/,
    unless: /\b(?:support|panic\w*|tests?|logs?|docs?|plugin)\b/,
    types: ['fix', 'security', 'change', 'feature'],
    because: 'what was let through may not be now',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern: /^(?:add|set)\w*\b(?! (?:missing|option|support)).{0,40}\b(?:\w*time-?outs?|limits?)\b/,
    unless: /\b(?:custom|configurable|options?|table|so)\b/,
    types: ['fix', 'security', 'change'],
    because: 'a bound that was not there',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /(?<![/.\w-]|that |which |when |if )(?:require|enforce|mandate)s?\b|\b(?:is|are) required\b|\bmust (?:now |be |have |match|use |set |start |contain|specify|include|exist|provide)|\b(?:you|users?|operators?|admins?|clients?) (?:must|needs? to|has to|have to|should)\b|\b(?:make|be) sure (?:to|that you) (?:updat|set|chang|migrat|us|adjust|renam|remov)|\b(?:will not|won't) start\b|\bneeds? to be (?:set|updated|changed|migrated|enabled|configured|renamed|re-?created)\b|(?<!to )\bmanually\b|\b(?:before|after) upgrading\b|\bmigrat(?:e|ion) (?:your|the config|is required)|\bminimum\b.{0,30}\bversion|\bversion\b.{0,30}\bminimum\b|\b(?:mak|becom)\w*\b.{0,50}\b(?:opt-in|opt-out|mandatory|required|case[- ]sensitive|strict)\b|\bnow opt-in\b|\bmandatory\b/,
    unless:
      /\b(?:no longer|not|does not|doesn't) (?:be )?requir|\brequires? (?:dependency|\*?go v?\d)|\b(?:must|should) not (?:panic|crash|block)/,
    because: 'something has to be done for it now',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /\bto (?:keep|maintain|preserve|retain|restore|get back|go back to|return to)\b.{0,30}\b(?:previous|prior|old|former|earlier|original)\b|\b(?:can|may|might|could|will) break\b|\bbreaks? existing\b|\bwill not work\b|\bexisting (?:\S+ ){1,6}(?:will|must|needs?|have to|should)\b|\b(?:users?|who|that|existing|using|integrations?|clients?|operators?)\b.{0,120}\bmust (?:update|remove|migrate|change|install|rename|replace|adjust|recreate|upgrade|switch|enable|disable|add|opt)\b|\bmust be (?:installed|updated|migrated|changed|removed|renamed|replaced|recreated|upgraded|enabled)\b|\b(?:when|while|before|after|on) (?:you )?upgrad(?:e|es|ing)\b.{0,40}\b(?:must|should|need|will|please|make sure)\b|\b(?:must|should|need to|please|make sure)\b.{0,80}\b(?:when|before|after) upgrading\b|\bunlike (?:in )?(?:previous|before|earlier)\b/,
    unless: /\bmust not\b|\bas before\b/,
    // Another version of something used breaks nobody by itself; one for which something has to be done may.
    types: ['fix', 'feature', 'change', 'security', 'perf', 'revert', 'deps'],
    because: 'it says what users have to do, or how to have it as it was',
  },
  {
    value: 'suspected',
    place: 'text',
    needs: ['previous', 'was', 'used to'],
    pattern:
      /(?:^|[.;] )(?:previously|before(?: this change)?,|it used to|this used to|the (?:previous|old|former) \S+ (?:was|were|did))\b/,
    // Of a fix it tells the fault, and so it may of what is no longer refused.
    unless:
      /\b(?:previously|before|used to)\b.{0,80}\b(?:errors?|fail\w*|[45]\d\d|not (?:possible|supported)|could not|crash\w*|rejected|only)\b/,
    types: ['change', 'feature', 'security'],
    because: 'it tells how it was before',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /^(?:fix|correct)\w* (?:\S+ ){0,3}(?:misspelled|misspelt|misspelling|typos?)\b.{0,60}(?:`|\b(?:fields?|options?|params?|parameters?|headers?|metrics?|labels?|flags?|variables?)\b)/,
    unless: /\b(?:logs?|messages?|comments?|docs?|readme|help)\b/,
    because: 'something has another name or place, or is taken back',
  },
  {
    value: 'suspected',
    place: 'text',
    needs: ['now'],
    pattern:
      /\bwill now\b|\bnow (?:\S+ ){0,3}(?:new|different|another) (?:\S+ ){0,3}(?:formats?|names?|paths?|ports?|prefix(?:es)?|locations?)\b|\b(?:is|are) now (?:automatically|always|stricter)\b|\bnow (?:automatically|always|uses?|derives?|includes?|generates?|sends?|treats?|matches|skips?|applies|closes|sets?|prefers?|listens?|overrides?|takes? precedence|reads?|writes?|starts?|stops?)\b/,
    unless:
      /\bcan now\b|\bnow (?:supports?|allows?|accepts?)\b|\bwill now (?:also|print|show|display|support|allow|accept|log|warn)\b|\b(?:correctly|properly|internal\w*)\b/,
    types: ['change', 'feature', 'security'],
    because: 'it does otherwise now',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /^(?:standardi[sz]|harmoni[sz]|restructur|reorgani[sz]|consolidat|flatten)\w*\b.{0,80}\b(?:config\w*|options|fields|settings|apis?|schemas?|names?|headers|metrics|labels)\b|^(?:follow|comply|conform|adhere|align)\w*\b.{0,60}\b(?:conventions?|spec\w*|standards?|rfc)\b|\bsemantic conventions\b|\bmak\w* (?:the )?(?:\S+ ){0,2}behaviou?r\b|\bchang(?:e|es|ed|ing) (?:the )?(?:\S+ ){0,3}(?:behaviou?r|format|response|status|semantics?|meaning|order|precedence|priority|names?|type|schema|algorithm|separator|unit|prefix|encoding)\b|\breturns? .{0,60}\binstead of\b|\b\d{3}\b.{0,60}\binstead of\b|\b(?:is|are) now .{1,80}\binstead of\b|\bdifferent (?:than|from) (?:in|before)\b|\bredesign\b|\bincompatib|\bchang(?:e|es|ed|ing)\b.{0,80} from .{1,40} to\b|^chang(?:e|es|ed) (?:the way\b|.{1,80} to\b(?! (?:prevent|avoid|fix|support|allow|make|be|implement|debug|info|warn|error)\b))|\b(?:ports?|units?|separators?|prefix(?:es)?|priorit(?:y|ies)|names?|paths?) (?:\S+ ){0,5}(?:is |are |was |has |have )?(?:been )?changed\b|\bmap(?:s|ped|ping)?\b.{1,60} to (?:http )?(?:status |code )*\d{3}\b|^(?:always )?(?:return|respond|answer|reply)\w*.{0,20}\b[345]\d\d\b/,
    unless:
      /\blog(?:s|ging)? (?:level|message)s?\b|\breturns? (?:a )?(?:nil|null|pointer)\b|\b4\d\d\b.{0,30}\b(?:missing|malformed|invalid|empty|wrong|bad)\b|\berrors? to (?:debug|info)\b|\bfrom \w+ to (?:debug|info|warn\w*)\b/,
    because: 'it answers otherwise',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /^disabl\w*\b|^hid(?:e|es|ing)\b.{0,60}\b(?:api|responses?|headers?|metrics?)\b|^(?:honou?r|respect) (?:the )?`?\w*(?:allow|deny|limit|restrict|only|max)|^turn(?:s|ed)? off\b|^switch(?:es|ed)? off\b/,
    unless:
      /\b(?:tests?|lint\w*|logs?|logging|warnings?|cache of)\b|^disabled\b|\b(?:when|if|while|unless)\b.{0,80}\b(?:off|disabled|enabled|not compiled)\b/,
    because: 'something is off that was on',
  },
  {
    value: 'suspected',
    place: 'text',
    needs: ['instead'],
    pattern:
      /\b(?:sends?|writes?|reports?|emits?|exposes?|listens?|stores?|reads?|uses?|takes?)\b.{1,80}\binstead (?:of )?.{0,30}(?:std(?:out|err)|\S+@|label|header|field|option|attribute|param|port|prefix|hostname|annotation|status|format|seconds?|names?\b|\w+attributes)/,
    unless: /\b(?:empty string|internally|module|package|library|curl|hardcoded|stale|writer)\b/,
    because: 'it goes by something else than before',
  },
  {
    // Two names of settings, as they are written in code: told by the capitals within.
    value: 'suspected',
    place: 'written',
    needs: ['instead'],
    pattern:
      /\b[Uu]ses? (?:the )?`?(?:[A-Za-z]+[a-z][A-Z]\w+|\w+_\w+)`? instead of (?:the )?`?(?:[A-Za-z]+[a-z][A-Z]\w+|\w+_\w+)/,
    because: 'it goes by something else than before',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern:
      /^(?:verif|check|sign|authenticat)\w*\b.{0,60}\b(?:signatures?|certificates?|hostnames?|issuers?|audiences?|origins?|tokens?|expir\w+|schema|cookies?)\b|^(?:escape|encode|canonicali[sz]e|lower-?case)\w*\b.{0,60}\b(?:paths?|headers?|hosts?|quer(?:y|ies)|urls?|uris?|values?|names?)\b/,
    unless: /\b(?:missing|empty|nil|null|exists?|leak\w*|logs?)\b/,
    because: 'what was let through may not be now',
  },
  {
    // Such a heading lists what is otherwise than it was. What only adds, loosens or is tidied up is named.
    value: 'suspected',
    place: 'text',
    pattern: /^.{1,60}/,
    below: /^(?:.* \/ )?change\b(?! ?logs?)/,
    types: ['change', 'security', 'revert'],
    unless:
      /^(?:support|allow|add|improv|optimi|refactor|unif|speed|reduc|clean|fix|correct|updat|upgrad|bump|enhance|increase|extract|simplif)\w*\b|\bnow (?:supports?|allows?|accepts?)\b|\binternal/,
    because: 'its section says that it is otherwise now',
  },
  {
    value: 'suspected',
    place: 'text',
    pattern: /\b(?:renam|remov|chang|replac|switch|adjust|restrict)\w*|\b(?:only|must|don't|do not|moved|moves)\b/,
    below: /^(?:.* \/ )?changed\b/,
    unless:
      /^(?:support|allow|add|improv|optimi|refactor|speed|reduc|clean|fix)\w*\b|\bnow (?:supports?|allows?|accepts?)\b|\b(?:is|are) now (?:supported|available|possible|faster)\b|\binternal/,
    because: 'its section says that it is otherwise now',
  },
];
