/**
 * Which part of the gateway a line is about. What a project names (a scope, a tag) and words that mean one thing come
 * before names of wide parts (`server`, `middleware`, `balancer`) and words that mean many (`path`, `worker`): the
 * weight says which. Of equal weight the first in the line wins, for a line names its matter first.
 */
import type { Area } from '../../model/changelog.ts';
import type { Place } from './rule.ts';

export interface AreaRule {
  readonly value: Area;
  readonly place: Extract<Place, 'scope' | 'tag' | 'section' | 'text'>;
  readonly pattern: RegExp;
  readonly weight: 1 | 2 | 3 | 4;
}

/** Names that projects give to parts; a scope and a tag are the same thing in two ways of writing. */
const names: readonly (readonly [Area, 2 | 3 | 4, RegExp])[] = [
  ['etcd-sync', 4, /^(?:config[_-]?etcd|(?:core\/)?etcd\w*|kv|config[_-]?center|watch(?:er)?|clustering|xds)$/],
  ['router', 4, /^(?:router|radixtree\w*|rules?|match(?:er|ers|ing)?|routing|expressions?)$/],
  ['healthcheck', 4, /^health[_ -]?check(?:er|s)?$/],
  ['keepalive', 4, /^(?:keep-?alive|conn(?:ection)?[_ -]pool)$/],
  ['websocket', 4, /^websockets?$/],
  ['tls', 4, /^(?:ssl|m?tls|sni|acme|certs?|certificates?|quic-tls)$/],
  [
    'observability',
    4,
    /^(?:prometheus|trac(?:er|ing)|zipkin|opentelemetry|otel|skywalking|metrics?|stats|logs?|logging|access_?logs?|access log|datadog|telemetry)$/,
  ],
  ['admin-api', 4, /^(?:admin(?:[ _-]?api)?|control(?:[ _-]?api)?|schema|api|dashboard|webui|kong manager)$/],
  ['discovery-dns', 4, /^(?:dns|discovery(?:\/\S+)?|nacos|eureka|consul_?catalog|resolver)$/],
  ['lifecycle', 4, /^(?:reload|worker|workers|shutdown|hot[ _-]?restart|overload[ _-]?manager)$/],
  ['upstream', 4, /^(?:sticky-session|chash|ewma|least_conn|retry|retries|outlier detection)$/],
  ['upstream', 2, /^(?:balancer|load[ _-]?balanc\w+|upstream|service|proxy|fast-?proxy|oxy|cluster|connection)$/],
  ['discovery-dns', 2, /^(?:k8s(?:\/\S+)?|kubernetes|provider|file)$/],
  ['discovery-dns', 3, /^(?:consul|docker(?:\/\S+)?|ecs|nomad|marathon|rancher|mesos|servicefabric)$/],
  ['plugin', 2, /^(?:middlewares?|authentication|plugins?|pdk|filters?)$/],
  ['proxy-streaming', 2, /^(?:http-?[23]|quic|grpc(?:-web)?|compress(?:ion)?)$/],
  ['lifecycle', 2, /^(?:cli|init|config|standalone|process|start)$/],
];

/** Words: 3 where they mean one thing only, 2 where that is rather how than what, 1 where they may mean another. */
const words: readonly (readonly [Area, 1 | 2 | 3, RegExp])[] = [
  ['websocket', 3, /\bweb-?sockets?\b|\bconnection upgrades?\b/i],
  [
    'etcd-sync',
    3,
    /(?:\b|_)etcd\w*|\brevisions?\b|\bcompact(?:ion|ed|ions)\b|\bresync\w*|\bfull (?:reload|resync|read)s?\b|\bkv (?:store|provider|key)\b|\bwatch(?:es|ers?)? (?:stream|timeout|request|channel|event|connection|is|was|goes|dies|lost)/i,
  ],
  ['healthcheck', 3, /\bhealth ?-?check\w*|\bhealth prob\w+|\bcheckers?\b|\bunhealthy\b|\bprobe[sd]?\b|\bprobing\b/i],
  [
    'keepalive',
    3,
    /\bkeep-?alive\w*|\bconnection (?:pool\w*|reuse)|\bidle (?:\S+ )?(?:connections?|pool)|\bpooled connections?|\breus\w* (?:of )?(?:idle |upstream |backend )?connections?/i,
  ],
  [
    'proxy-headers',
    3,
    /\bx-(?!etcd)[a-z]{2,}\S*|\bforwarded headers?|\b(?:hop-by-hop|host|connection|response|request|x|cors|te) headers?\b|\bheaders? (?:sent|names?|values?|order|casing)\b/i,
  ],
  [
    'proxy-path',
    3,
    /\bencoded (?:characters?|slash\w*|paths?)|\bnormali[sz]\w* (?:\S+ )?(?:path|uri|url)|\b(?:request|raw|encoded|upstream) ?(?:path|uri|url)s?\b|%2f|\bpercent[- ]encod|\brequest[- ]targets?\b|\brequest line\b|\btrailing slash|\bdot segments?|\bstrip ?prefix\w*|\bquery (?:string|param\w*)/i,
  ],
  [
    'proxy-streaming',
    3,
    /\bchunk(?:ed|s)\b|\bbuffering\b|\bserver-sent|\bsse\b|\btrailers?\b|\bcontent-length\b|\bstreamed|\bstreaming\b|\bflush\w*/i,
  ],
  [
    'router',
    3,
    /\bradix\w*|\brout(?:er|ers|ing)\b|\bmatchers?\b|\bpredicates?\b|\bpost_arg|\broute (?:match|table|priorit|look)\w*|\bhost ?sni\b|\bwildcard (?:hosts?|routes?)/i,
  ],
  [
    'upstream',
    3,
    /\bbalanc\w+|\bleast[_ ]conn\w*|\bchash\b|\bretr(?:y|ies|ied)\b|\bround.?robin|\bsticky\b|\bfast ?proxy|\boxy\b|\bfailover|\bupstream (?:nodes?|weights?|timeouts?|hosts?)|\bconsistent[- ]hash\w*/i,
  ],
  ['tls', 2, /\bm?tls\b|\bssl\b|\bsni\b|\bcertificates?\b|\bcerts?\b|\bocsp\b|\bacme\b|\bciphers?\b/i],
  [
    'discovery-dns',
    3,
    /\bdns\b|\bconsul\b|\bnacos\b|\beureka\b|\bservice discovery\b|\bendpoint ?slices?\b|\bsrv records?\b/i,
  ],
  [
    'admin-api',
    3,
    /\badmin(?:[ -]api)?\b|\b\w*(?:_admin|admin_)\w*|\bcontrol api\b|\bjson ?schemas?\b|\bschema (?:valid\w+|check\w*)|\bdashboard\b|\bweb ?ui\b/i,
  ],
  [
    'observability',
    3,
    /\bprometheus\S*|\bmetrics?\b|\b(?:access|error)[ -]?logs?\b|\blogg(?:ing|er)\b|\bopentelemetry\b|\botel\b|\bzipkin\b|\btrac(?:ing|er|es?)\b|\bspans?\b/i,
  ],
  [
    'plugin',
    3,
    /\b[\w-]{2,40} (?:plugin|middleware)\b|\bplugins?\b|\bmiddlewares?\b|(?<!-)\b(?:\w{2,20}-){1,3}(?:auth|logger|count|req|cache|rewrite|restriction|breaker|transcode|moderation|injection|limiting)\b/i,
  ],
  [
    'lifecycle',
    3,
    /\b(?:hot |graceful |config )?reload(?:s|ed|ing)?\b|\bgraceful\w*|\bshut ?down\b|\bdrain\w*|\bworker process\w*|\bmemory leaks?|\bread ?timeouts?|\blinger\w*|\brestart\w*/i,
  ],
  ['router', 1, /\broutes?\b|\bmatch(?:es|ing)?\b|\brules?\b|\bpriorit(?:y|ies)\b|\bhosts?\b/i],
  ['upstream', 1, /\bupstreams?\b|\bbackends?\b|\bnodes?\b|\bweights?\b|\bmirror\w*|\breverse proxy\b/i],
  [
    'lifecycle',
    1,
    /\bworkers?\b|\bleak\w*|\btimers?\b|\b\w*time-?outs?\b|\bstart(?:s|up|ing)?\b|\bcrash\w*|\bpanic\w*|\bprocess(?:es)?\b|\bentry ?points?\b|\bexit\w*/i,
  ],
  ['proxy-headers', 1, /\bheaders?\b|\bcookies?\b/i],
  ['proxy-path', 1, /\bpaths?\b|\bur[il]s?\b|\bredirect\w*/i],
  ['proxy-streaming', 1, /\b\w*bod(?:y|ies)\b|\bgrpc\b|\bhttp\/?[23]\b|\bcompress\w*|\bstreams?\b/i],
  ['observability', 1, /\blogs?\b|\btrace\b|\blogged\b/i],
  [
    'discovery-dns',
    1,
    /\bkubernetes\b|\bingress\b|\bdocker\b(?! (?:images?|hub))|\bresolvers?\b|\bdomain\b|\bdiscovery\b|\bprovider\b/i,
  ],
  ['admin-api', 1, /\bschemas?\b|\bapi\b/i],
  ['etcd-sync', 1, /\bwatch\w*|\bsync\w*|\bstale config\w*|\bconfig(?:uration)? (?:updates?|changes?|data|source)\b/i],
  ['keepalive', 1, /\bconnections?\b|\bpools?\b/i],
];

const sections: readonly (readonly [Area, 1 | 2 | 3, RegExp])[] = [
  ['plugin', 3, /\bplugins?\b/i],
  [
    'etcd-sync',
    2,
    /\bclientv3\b|\betcd(?:ctl|utl)?\b|\bpackage `?(?:raft|mvcc|lease|wal)\b|^(?:.* \/ )?(?:clustering|hybrid mode)\b/i,
  ],
  ['admin-api', 3, /^kong[- ]manager\b/i],
  ['admin-api', 2, /\badmin(?: api)?\b|\bdashboard\b|\bkong manager\b/i],
  ['upstream', 2, /\bbalancer\b/i],
  ['lifecycle', 1, /\bcli\b/i],
];

export const areaRules: readonly AreaRule[] = [
  ...names.flatMap(([value, weight, pattern]): readonly AreaRule[] => [
    { value, weight, pattern, place: 'scope' },
    { value, weight, pattern, place: 'tag' },
  ]),
  ...words.map(([value, weight, pattern]): AreaRule => ({ value, weight, pattern, place: 'text' })),
  ...sections.map(([value, weight, pattern]): AreaRule => ({ value, weight, pattern, place: 'section' })),
].toSorted((a, b) => b.weight - a.weight);

/** Scopes that name no part: the rest of a line tells. Any other scope that no rule knows is the name of a plugin. */
export const shapeless: RegExp =
  /^(?:core(?:[./]\S+)?|ctx|server|http[23]?|tcp|udp|stream|deps|deps-dev|test|tests|ci|docs|env|json|utils?|security|performance|conf|resource|secret|xrpc|limit|docker|build|release|all|\*)$/;
