/** `redirect`: sends the client elsewhere. */
import { BadItem } from '../config/bad-item.ts';
import type { RequestContext } from '../proxy/request-context.ts';
import { template } from '../proxy/template.ts';
import type { Plugin } from './plugin.ts';
import { asItIs, encodedPath, pathRewrite } from './rewritten-path.ts';

interface Conf {
  readonly http_to_https?: boolean;
  readonly uri?: string;
  readonly regex_uri?: readonly string[];
  readonly ret_code?: number;
  readonly encode_uri?: boolean;
  readonly append_query_string?: boolean;
}

export const redirect: Plugin = {
  name: 'redirect',
  priority: 900,
  schema: {
    type: 'object',
    properties: {
      http_to_https: { type: 'boolean' },
      uri: { type: 'string', minLength: 2, pattern: '^[\\x21-\\x7e]+$' },
      regex_uri: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 2, maxItems: 2 },
      ret_code: { type: 'integer', minimum: 200, maximum: 599 },
      encode_uri: { type: 'boolean' },
      append_query_string: { type: 'boolean' },
    },
    oneOf: [{ required: ['http_to_https'] }, { required: ['uri'] }, { required: ['regex_uri'] }],
    additionalProperties: false,
  },
  bind(conf: Conf) {
    if (conf.http_to_https === true && conf.append_query_string === true) {
      throw new BadItem('"http_to_https" keeps the query by itself; it does not go with "append_query_string"');
    }
    const locate = locator(conf);
    return {
      rewrite(context) {
        const location = locate(context);
        if (location === undefined) return undefined;
        return {
          status: conf.http_to_https === true ? secureStatus(context) : (conf.ret_code ?? 302),
          headers: { location },
        };
      },
    };
  },
};

/** A method with a body must not become GET on the way (RFC 9110 §15.4.9). */
function secureStatus({ method }: RequestContext): number {
  return method === 'GET' || method === 'HEAD' ? 301 : 308;
}

/** As a balancer that has taken the TLS away tells it; without that word there would be no end of redirects. */
function clientScheme(context: RequestContext): string {
  return context.header('x-forwarded-proto') ?? context.scheme;
}

type Locate = (context: RequestContext) => string | undefined;

function locator(conf: Conf): Locate {
  if (conf.http_to_https !== undefined) {
    return (context) => {
      if (conf.http_to_https !== true || clientScheme(context) !== 'http') return undefined;
      return `https://${context.host.replace(/:\d+$/, '')}${context.request.url ?? '/'}`;
    };
  }
  const { regex_uri: regexes = [], uri, encode_uri: encodes = false } = conf;
  const finish = (context: RequestContext, target: string): string => {
    const encoded = encodes ? encodeURI(target.toWellFormed()) : target;
    if (conf.append_query_string !== true || context.query === '') return encoded;
    return encoded + (encoded.includes('?') ? `&${context.query.slice(1)}` : context.query);
  };
  const write = encodes ? asItIs : encodedPath;
  if (uri !== undefined) {
    const target = template(uri, (value, name) => (name === 'uri' ? write(value) : value));
    return (context) => finish(context, target(context));
  }
  const rewrite = pathRewrite(regexes, write);
  return (context) => {
    const target = rewrite(context.uri);
    return target === undefined ? undefined : finish(context, target);
  };
}
