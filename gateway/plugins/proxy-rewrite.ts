/** `proxy-rewrite`: path, method, host and headers as the upstream sees them. */
import { hostHeader } from '../config/kinds/common.ts';
import { methodSchema } from '../config/kinds/methods.ts';
import type { RequestContext } from '../proxy/request-context.ts';
import { template } from '../proxy/template.ts';
import { compilePattern } from '../routing/vars.ts';
import { type HeaderEdits, type HeaderValues, headerEdits, headerName, headerValue } from './header-schemas.ts';
import type { Plugin } from './plugin.ts';

type Headers = HeaderEdits<HeaderValues>;

interface Conf {
  readonly uri?: string;
  readonly regex_uri?: readonly string[];
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Headers | HeaderValues;
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
    const pairs = pairsOf(conf.regex_uri ?? []);
    const uri = conf.uri === undefined ? undefined : template(conf.uri);
    const host = conf.host === undefined ? undefined : template(conf.host);
    const edits = editsOf(headerEdits(conf.headers));
    return {
      rewrite(context) {
        const path = uri === undefined ? replaced(context.path, pairs) : uri(context);
        if (path !== undefined) context.target = withQuery(path, context.query);
        if (conf.method !== undefined) context.upstreamMethod = conf.method;
        if (host !== undefined) context.upstreamHost = host(context);
        for (const edit of edits) edit(context);
        return undefined;
      },
    };
  },
};

type Pair = readonly [RegExp, string];

/** Pattern and replacement in turn; `$1` in a replacement is the first group. */
function pairsOf(list: readonly string[]): readonly Pair[] {
  return Array.from({ length: Math.floor(list.length / 2) }, (_, index) => [
    compilePattern('/regex_uri', list[2 * index] ?? ''),
    list[2 * index + 1] ?? '',
  ]);
}

/** The first pattern that fits decides; undefined when none does. */
function replaced(path: string, pairs: readonly Pair[]): string | undefined {
  for (const [pattern, replacement] of pairs) {
    const other = path.replace(pattern, replacement);
    // What the pattern leaves as it was may fit all the same; it is rare that this has to be asked.
    if (other !== path || pattern.test(path)) return other;
  }
  return undefined;
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
    ...remove.map((header): Edit => (context) => context.upstreamHeaders.delete(header)),
  ];
}

function withValues(
  values: HeaderValues,
  change: (context: RequestContext, header: string, value: string) => void,
): readonly Edit[] {
  return Object.entries(values).map(([header, text]): Edit => {
    const value = template(String(text));
    return (context) => change(context, header, value(context));
  });
}
