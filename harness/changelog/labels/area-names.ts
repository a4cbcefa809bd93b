/**
 * Names that projects give to parts of a gateway, as the scope of a commit (`fix(etcd): …`) or a tag of a line
 * (`**[k8s/crd]**`). A wide name covers what several areas are about, so that the words of the line may say better.
 */
import type { Area } from '../../model/changelog.ts';

interface Name {
  readonly value: Area;
  readonly pattern: RegExp;
  /** How much a tag of this name says, where it is less than usual. */
  readonly wide?: number;
}

export const areaNames: readonly Name[] = [
  {
    value: 'etcd-sync',
    pattern:
      /^(?:config[_-]?etcd|(?:core\/)?etcd\w*|kv|zk|zookeeper|boltdb|redis|config[_-]?center|watch(?:er)?|clustering|xds)$/,
  },
  {
    value: 'router',
    pattern: /^(?:router|radixtree\w*|rules?|match(?:er|ers|ing)?|routing|expressions?|stream_route)$/,
  },
  { value: 'healthcheck', pattern: /^health[_ -]?check(?:er|s)?$/ },
  { value: 'keepalive', pattern: /^(?:keep-?alive|conn(?:ection)?[_ -]pool)$/ },
  { value: 'websocket', pattern: /^websockets?$/ },
  { value: 'tls', pattern: /^(?:ssl|m?tls|sni|acme|certs?|certificates?|quic-tls|spiffe)$/ },
  {
    value: 'observability',
    pattern:
      /^(?:prometheus|trac(?:er|ing)|zipkin|opentelemetry|otel|skywalking|metrics?|stats|logs?|logging|access_?logs?|access log|datadog|telemetry|pilot)$/,
  },
  {
    value: 'admin-api',
    pattern: /^(?:admin(?:[ _-]?api)?|control(?:[ _-]?api)?|schema|api|dashboard|webui(?:\/\S+)?|kong manager)$/,
  },
  { value: 'discovery-dns', pattern: /^(?:dns|discovery(?:\/\S+)?|nacos|eureka|consul_?catalog|resolver)$/ },
  {
    value: 'lifecycle',
    pattern: /^(?:reload|worker|workers|shutdown|hot[ _-]?restart|overload[ _-]?manager|cli|env)$/,
  },
  { value: 'upstream', pattern: /^(?:sticky-session|chash|ewma|least_conn|retry|retries|outlier detection)$/ },
  {
    value: 'upstream',
    pattern: /^(?:balancer|load[ _-]?balanc\w+|upstream|service|proxy|fast-?proxy|oxy|cluster|connection)$/,
    wide: 2,
  },
  {
    value: 'discovery-dns',
    pattern: /^(?:provider|file|consul|docker(?:\/\S+)?|ecs|nomad|marathon|rancher|mesos|servicefabric|http|dynamodb)$/,
    wide: 2,
  },
  { value: 'discovery-dns', pattern: /^(?:k8s(?:\/\S+)?|kubernetes)$/, wide: 1.2 },
  { value: 'plugin', pattern: /^(?:middlewares?|authentication|plugins?|pdk|filters?|auth)$/, wide: 1.6 },
  { value: 'proxy-streaming', pattern: /^(?:http-?[23]|quic|grpc(?:-web)?|compress(?:ion)?)$/, wide: 2 },
  { value: 'lifecycle', pattern: /^(?:init|config|process|start|debug)$/, wide: 2 },
  { value: 'lifecycle', pattern: /^standalone$/, wide: 1 },
];

/** Scopes that name no part: the rest of a line tells. Any other scope that no rule knows is the name of a plugin. */
export const shapeless: RegExp =
  /^(?:core(?:[./]\S+)?|ctx|server|http[23]?|tcp|udp|stream|deps|deps-dev|test|tests|ci|docs|json|utils?|security|performance|conf|resource|secret|data_encryption|xrpc|l4|limit|docker|build|release|all|\*)$/;

export const areaSections: readonly { readonly value: Area; readonly weight: number; readonly pattern: RegExp }[] = [
  { value: 'plugin', weight: 3, pattern: /\bplugins?\b/i },
  {
    value: 'etcd-sync',
    weight: 3.5,
    pattern:
      /\bclientv3\b|\betcd(?:ctl|utl)?\b|\bpackage `?(?:raft|mvcc|lease|wal)\b|^(?:.* \/ )?(?:clustering|hybrid mode)\b/i,
  },
  { value: 'admin-api', weight: 3, pattern: /\badmin(?: api)?\b|\bdashboard\b|\bkong[- ]manager\b/i },
  { value: 'upstream', weight: 2, pattern: /\bbalancer\b/i },
  { value: 'lifecycle', weight: 1, pattern: /\bcli\b/i },
];
