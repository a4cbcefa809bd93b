/**
 * Words that tell which part of a gateway a line is about. 4 and more: names of it, which outweigh what else a line holds.
 * 3: they mean one thing only. 2: a thing, or how it is done. 1 and less: they may mean another part as well. Terms are
 * written as lexicon.ts reads them, separated by commas.
 */
import type { Area } from '../../model/changelog.ts';
import type { Term } from './lexicon.ts';

const words: readonly (readonly [area: Area, weight: number, terms: string])[] = [
  [
    'etcd-sync',
    3,
    'revision*, compact, compacted, compaction*, full resync*, full read*, full data, kv store*, kv provider*, kv key*, kvstore*, libkv, valkeyrie, boltdb, kv, config_center, config_provider, xds, modified_index, modifiedindex, watch stream, watch timeout, watch request*, watch channel*, watch event*, watch connection*, watch all, watch progress, watch is, watch was, watch goes, watch dies, watch lost, lease*, snapshot*, clientv3, raft, mvcc, wal, zookeeper, config center, hybrid mode',
  ],
  ['etcd-sync', 4, 'etcd*, *etcd, config_etcd, resync*, full reload*'],
  ['etcd-sync', 1.5, 'sync'],
  ['etcd-sync', 2, 'watcher*, syncing, synced, stale config*, stale route*, data plane*, control plane*'],
  ['etcd-sync', 1, 'watch*, config* update*, config* change*, config* data, config* source*, conf_version'],
  [
    'router',
    3,
    'radix*, router*, routing, matcher*, predicate*, post_arg*, route match*, route table*, route priorit*, hostregexp*, hostheader, pathprefix*, clientip matcher, rule syntax, rulesyntax, wildcard host*, wildcard route*, host matching, hostname matching, path matching, prefix matching, path regex*, regex matching, routing rule*, router rule*, stream_route*, route_id, vars expression*, frontend rule*, priority for',
  ],
  ['router', 4, 'hostsni*'],
  ['router', 2, 'route, routes, matching, rules, priority, priorities, wildcard*, vars'],
  ['router', 1, 'rule, match, matches, matched, host, hosts, hostname*, frontend*, 404'],
  [
    'upstream',
    3,
    'balancer*, balanc*, loadbalanc*, load-balanc*, load balanc*, least_conn*, chash, ewma, retry, retries, retried, retrying, round-robin, roundrobin, wrr, p2c, sticky*, stickiness, affinity, failover*, fast proxy, fastproxy, upstream node*, upstream host*, upstream weight*, upstream timeout*, serverstransport*, consistent hash*, consistent-hash*, mirroring, slow start, oxy, outlier*, bad gateway, pass_host, upstream_id, proxy-next-upstream*, least-request, least request',
  ],
  ['upstream', 4, 'retry middleware'],
  ['upstream', 2, 'upstream*, backend*, weight*, reverse proxy, reverseproxy, service_id'],
  ['upstream', 1, '502, 503, 504, node, nodes, servers, services, service, mirror*, round robin, transport'],
  [
    'healthcheck',
    4,
    'healthcheck*, health-check*, health_check*, health check*, health prob*, unhealthy, probe*, probing, checker, checkers',
  ],
  ['healthcheck', 2, 'healthy, health'],
  [
    'keepalive',
    4,
    'keepalive*, keep-alive*, keep alive*, connection pool*, connection reuse, idle connection*, idle upstream, idle backend, pooled connection*, reuse connection*, idleconn*, maxidleconns*, connection is alive',
  ],
  ['keepalive', 2, 'idle, idletimeout, pool'],
  ['keepalive', 1, 'connection*, conn, pools'],
  [
    'proxy-headers',
    3,
    'x-*, xff, forwarded header*, forwardedheaders*, hop-by-hop, host header*, connection header*, response header*, request header*, passhostheader*, passhost, user-agent, content-type, te header*, cors header*, header name*, header value*, custom header*, custom-headers, real ip, real-ip, real_ip*, real client*, header injection, host casing, allowed headers, authorization header*, server header, via header, location header, set-cookie, request smuggling',
  ],
  [
    'proxy-headers',
    2,
    'header, headers, secure header*, trusted*, proxy protocol, proxyprotocol, forwarded, cookie header*, sts*, hsts, cors*',
  ],
  ['proxy-headers', 4, 'headers middleware, content-security-policy*'],
  ['proxy-headers', 1, 'cookie*, origin, origins'],
  [
    'proxy-path',
    3,
    'encoded character*, encoded slash*, encoded path*, normalized path*, request path*, raw path*, rawpath, request uri*, request url*, request_uri, upstream uri, upstream_uri, upstream path*, percent-encod*, percent encod*, request target*, request-target*, request line, trailing slash*, dot segment*, stripprefix*, strip prefix*, strip-prefix*, replacepath*, addprefix*, rewrite-target, rewritten, query string*, query param*, querystring*, rawquery, semicolon*, path rewrit*, %2f*, url fragment*, fragment, url encod*, uri encod*, normalize_uri*, path normali*, absolute-form, url path*',
  ],
  ['proxy-path', 2, 'path, paths, uri, uris, query, encoded, slash*'],
  ['proxy-path', 2.5, 'redirect*'],
  ['proxy-path', 1, 'url, urls, encode, encoding, prefix*, escape*'],
  [
    'proxy-streaming',
    3,
    'chunk*, buffering, sse, server-sent, trailer, trailers, content-length, contentlength, content length, streamed, streaming, flush*, grpc-web, http2, http3, http/2, http/3, h2c, h2, quic*, gzip*, zstd*, zstandard, accept-encoding, content-encoding, grpcweb*, compress*, brotli, request bod*, response bod*, large bod*, sendfile, early hint*, 1xx, http/1.1 pipelin*, maxbody*, max_body*, max body',
  ],
  ['proxy-streaming', 2, 'body, bodies, grpc*, buffer*, mirrorbody, post_body, payload*'],
  ['proxy-streaming', 1, 'stream, streams, truncated'],
  ['websocket', 4, 'websocket*, web-socket*, web socket*, wss, ws, connection upgrade*'],
  [
    'tls',
    3,
    'tls*, session resum*, session ticket*, mtls, ssl*, sni, snicheck*, certificate*, cert, certs, ocsp, acme*, cipher*, lego*, letsencrypt*, spiffe, dns challenge*, dnschallenge, httpchallenge, challenge*, x509, domain fronting, starttls, clienttls*, certresolver*, curve*, alpn, ca, eab, passtlsclientcert, insecureskipverify, minversion, wildcard cert*, *tls, zerossl, dns-01, http-01, dns provider*',
  ],
  ['tls', 2, 'https, handshake*'],
  [
    'discovery-dns',
    3,
    'dns, consul*, nacos, eureka, service discovery, discovery, endpointslice*, srv record*, srv, swarm*, ecs, marathon*, mesos*, rancher*, nomad*, servicefabric, service fabric, knative*, externalname*, ingressroute*, ingressclass*, backendrefs, httproute*, grpcroute*, tcproute*, referencegrant, configmap*, cross-namespace, crossnamespace*, dns resolver*, ttl, dnsmasq, ec2, docker provider*, docker label*, docker container*, docker service*, docker api*, docker event*, file provider, http provider, provider*',
  ],
  ['discovery-dns', 0.5, 'annotation*'],
  ['discovery-dns', 1.5, 'kubernetes*, ingress*, crd, crds, gateway api, gatewayapi, k8s'],
  ['discovery-dns', 2, 'docker, resolver*, namespace*, endpoints, cross-provider, container*, domain, ip address*'],
  ['discovery-dns', 1, 'labels, label, tags, pods, pod, cluster*, task*, network*'],
  [
    'plugin',
    3,
    'batch process*, logger plugin*, *-proxy, wasm, rate limit*, rate-limit*, ratelimit*, circuit breaker*, circuitbreaker*, forwardauth*, forward auth*, basic auth*, basicauth*, digest auth*, digestauth*, auth, authentication, authorization, openid*, oidc, oauth*, jwt, jwk*, jwe-*, ldap*, keycloak, casbin, casdoor, credential*, yaegi, ipwhitelist*, ipallowlist*, whitelist*, white list*, allowlist*, inflightreq, in-flight, error pages, errorpages, errors middleware, llm*, openai, anthropic, bedrock, gemini, kafka*, rocketmq*, clickhouse, mqtt*, uri-blocker, csrf, opa, server-info, degraphql, graphql*, hmac*, redirect plugin, echo, global rule*, global-rule*, global_rule*, plugin_config*, plugin config*, plugin-conf, plugin metadata, consumer*, ip black*, interceptor*, redirectscheme, redirectregex, middleware chain, buffering middleware',
  ],
  [
    'plugin',
    5,
    '*-auth, *-logger, *-transcode, *-restriction, *-rewrite, *-breaker, *-split, *-injection, *-transformer, *-mirror, *-cache, *-moderation, *-requests, *-validation, *-keycloak, *-casdoor, *-connect, *-rbac, *-waf, *-lambda, *-functions, limit-*, ai-*, serverless*, ext-plugin*, request-id, log-rotate, cors plugin, fault-injection',
  ],
  ['plugin', 2, 'workflow, session*, token*, rewrite phase*, filters, limiter, auth_*, acl, mcp*'],
  ['plugin', 2.5, 'plugin*, plug-in*'],
  ['plugin', 0.5, 'middleware*'],
  ['plugin', 1, 'phase*, lambda, function*, redis*'],
  [
    'lifecycle',
    3,
    'reload*, hot-reload, graceful*, shutdown, shut down, shutting down, drain*, worker process*, memory leak*, leaks memory, read timeout*, readtimeout*, writetimeout*, responding timeout*, respondingtimeouts, readheadertimeout*, linger*, restart*, luajit, *.conf, snippet*, nginx_config*, config.yaml, environment variable*, env var*, init_worker, signal*, sigterm, sighup, systemd*, socket-activation, so_reuseport, reuseport, reuse_port, cpu affinity, enable_cpu_affinity, deadline*, idle timeout*, ulimit, pid, lua_shared_dict*, shared dict*, shared dictionary, startup, start up, boot, worker_*, privileged agent, openresty, tengine, hot restart, overload manager, mptcp, listen, listening, stream_proxy, port range*, exit, exits, exited, healthcheck command',
  ],
  [
    'lifecycle',
    2,
    'daemon, worker, workers, timer, timers, leak*, env, start, starts, entrypoint*, entry point*, entry-point*, debug mode, cli, command line, command-line, config file*, configuration file*, static config*, timeout*, *timeout, time-out*',
  ],
  [
    'lifecycle',
    1,
    'standalone, crash*, panic*, process, processes, memory, oom, init, ports, port, goroutine*, tcp, udp, deployment',
  ],
  [
    'admin-api',
    3,
    'additionalproperties, admin*, *_admin, control api, control-api, dashboard*, webui*, web ui, web-ui, json schema*, schema valid*, schema check*, create_time, update_time, api key, admin key, pprof, *-schema, *_schema, /ping, ping, /health, rawdata, raw data, kong manager, api endpoint*, /api, /api/*',
  ],
  [
    'admin-api',
    2,
    'schema*, ui, api, apis, patch, resource, resources, id, ids, tooltip, button, icon, logo, angular, quasar, vue',
  ],
  ['admin-api', 1.5, 'encrypt*, decrypt*, keyring, sensitive field*'],
  ['admin-api', 1, 'valid*, field, fields, object*, length, etag, autogenerat*, duplicate id*'],
  [
    'observability',
    4,
    'observability, metric*, otlp*, instana, haystack, apm, influxdb*, statsd, access log*, access-log*, accesslog*, access_log*, error log*, error-log*, log level*, log format*, log_format, span, spans, traceid, trace_id, spanid, log field*, logs field*',
  ],
  [
    'observability',
    8,
    'prometheus* plugin*, zipkin* plugin*, opentelemetry plugin*, skywalking plugin*, datadog plugin*',
  ],
  ['observability', 6, 'prometheus*, opentelemetry*, otel*, zipkin*, skywalking*, datadog*, jaeger*'],
  [
    'observability',
    3,
    'tracing, tracer, trace, traces, logger*, logging, logrus, zerolog, pilot, stats, statistic*, instrument*, loglevel, logrotat*, debug log*, log message*, telemetry, histogram*, grafana, exporter*',
  ],
  ['observability', 2, 'log, logs, logged'],
];

export const areaTerms: readonly Term<Area>[] = words.flatMap(([value, weight, list]) =>
  list.split(', ').map((term): Term<Area> => ({ value, weight, words: term.split(' ') })),
);
