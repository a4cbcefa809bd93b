/** `proxy-rewrite`: path, method, host and headers as the upstream sees them. */
import { hostHeader } from '../config/kinds/common.ts';
import { methodSchema } from '../config/kinds/methods.ts';
import type { RequestContext } from '../proxy/request-context.ts';
import { template, writtenInHeader } from '../proxy/template.ts';
import { type HeaderEdits, type HeaderValues, headerEdits, headerName, headerValue } from './header-schemas.ts';
import type { Plugin } from './plugin.ts';
import { asItIs, encodedPath, pathRewrite } from './rewritten-path.ts';

type Headers = HeaderEdits<HeaderValues>;

interface Conf {
  readonly uri?: string;
  readonly regex_uri?: readonly string[];
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Headers | HeaderValues;
  /** The path as the client wrote it, its query with it, is what is rewritten. */
  readonly use_real_request_uri_unsafe?: boolean;
}

const values = { type: 'object', propertyNames: headerName, additionalProperties: headerValue };

export const proxyRewrite: Plugin = {
  name: 'proxy-rewrite',
  priority: 1008,
  schema: {
    type: 'object',
    properties: {
      uri: { type: 'string', pattern: '^/[\\x21-\\xff]*$', maxLength: 4_096 },
      regex_uri: { type: 'array', items: { type: 'string' }, minItems: 2 },
      method: methodSchema,
      host: hostHeader,
      headers: {
        anyOf: [
          {
            type: 'object',
            properties: { set: values, add: values, remove: { type: 'array', items: headerName } },
            minProperties: 1,
            additionalProperties: false,
          },
          { ...values, minProperties: 1 },
        ],
      },
      use_real_request_uri_unsafe: { type: 'boolean' },
    },
    minProperties: 1,
    additionalProperties: false,
  },
  bind(conf: Conf) {
    const targetOf = conf.use_real_request_uri_unsafe === true ? unsafeTarget(conf) : safeTarget(conf);
    const host = conf.host === undefined ? undefined : template(conf.host);
    const edits = editsOf(headerEdits(conf.headers));
    return {
      rewrite(context) {
        const target = targetOf(context);
        if (target !== undefined) context.target = target;
        if (conf.method !== undefined) context.upstreamMethod = conf.method;
        if (host !== undefined) context.upstreamHost = host(context);
        for (const edit of edits) edit(context);
        return undefined;
      },
    };
  },
};

/** Undefined leaves the target as it is: byte for byte what the client sent. */
type TargetOf = (context: RequestContext) => string | undefined;

function safeTarget({ uri, regex_uri: regexes = [] }: Conf): TargetOf {
  if (uri !== undefined) {
    const path = template(uri, writtenInPath);
    return (context) => withQuery(path(context), queryOf(context));
  }
  if (regexes.length === 0) return () => undefined;
  const rewrite = pathRewrite(regexes, encodedPath);
  return (context) => {
    const rewritten = rewrite(context.uri);
    return rewritten === undefined ? undefined : withQuery(rewritten, queryOf(context));
  };
}

function unsafeTarget({ uri, regex_uri: regexes = [] }: Conf): TargetOf {
  if (uri !== undefined) return template(uri);
  const rewrite = pathRewrite(regexes, asItIs);
  return ({ request }) => rewrite(request.url ?? '/');
}

/** Variables that hold a part of the request line as it was written. */
const written: ReadonlySet<string> = new Set(['request_uri', 'args', 'query_string', 'is_args']);

function writtenInPath(value: string, name: string): string {
  return written.has(name) ? value : encodedPath(value);
}

/** As it is by now: another plugin may have taken a credential out of it. */
function queryOf({ target }: RequestContext): string {
  const question = target.indexOf('?');
  return question < 0 ? '' : target.slice(question);
}

/** A rewritten path may bring a query of its own; the client's is added to it. */
function withQuery(path: string, query: string): string {
  return path.includes('?') && query !== '' ? `${path}&${query.slice(1)}` : path + query;
}

type Edit = (context: RequestContext) => void;

function editsOf({ set = {}, add = {}, remove = [] }: Headers): readonly Edit[] {
  return [
    ...withValues(add, (context, header, value) => context.upstreamHeaders.append(header, value)),
    ...withValues(set, (context, header, value) => context.upstreamHeaders.set(header, value)),
    ...remove.map(
      (header): Edit =>
        (context) =>
          context.upstreamHeaders.delete(header),
    ),
  ];
}

function withValues(
  values: HeaderValues,
  change: (context: RequestContext, header: string, value: string) => void,
): readonly Edit[] {
  return Object.entries(values).map(([header, text]): Edit => {
    const value = template(String(text), writtenInHeader);
    return (context) => change(context, header, value(context));
  });
}
