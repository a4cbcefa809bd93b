/** `cors`: Cross-Origin Resource Sharing (Fetch standard §3.2). Preflight requests are answered by the gateway. */
import { BadItem } from '../config/bad-item.ts';
import type { RequestContext } from '../proxy/request-context.ts';
import { compilePattern } from '../routing/vars.ts';
import type { HeaderList } from '../proxy/header-list.ts';
import type { Plugin } from './plugin.ts';

interface Conf {
  readonly allow_origins?: string;
  readonly allow_origins_by_regex?: readonly string[];
  readonly allow_methods?: string;
  readonly allow_headers?: string;
  readonly expose_headers?: string;
  readonly max_age?: number;
  readonly allow_credential?: boolean;
}

const list = { type: 'string', pattern: '^[\\x21-\\x7e ]+$' };
const allMethods = 'GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS,CONNECT,TRACE';

export const cors: Plugin = {
  name: 'cors',
  priority: 4000,
  schema: {
    type: 'object',
    properties: {
      allow_origins: { type: 'string', pattern: '^(\\*|\\*\\*|null|\\w+://[^,\\s]+(,\\w+://[^,\\s]+)*)$' },
      allow_origins_by_regex: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        minItems: 1,
        uniqueItems: true,
      },
      allow_methods: list,
      allow_headers: list,
      expose_headers: list,
      max_age: { type: 'integer' },
      allow_credential: { type: 'boolean' },
    },
    additionalProperties: false,
  },
  bind(conf: Conf) {
    refuseOpenCredentials(conf);
    const allows = originTest(conf);
    return {
      // Also one that is no preflight, as in APISIX.
      rewrite: ({ method }) => (method === 'OPTIONS' ? { status: 200 } : undefined),
      response(context, { headers }) {
        // What the upstream says of origins would stand beside ours, and two answers are none.
        for (const name of [
          'allow-origin',
          'allow-methods',
          'allow-headers',
          'allow-credentials',
          'max-age',
          'expose-headers',
        ]) {
          headers.delete(`access-control-${name}`);
        }
        const origin = context.header('origin');
        const allowed = conf.allow_origins === '*' || (conf.allow_origins ?? '*') === '*' ? '*' : origin;
        if (allowed !== '*') headers.append('vary', 'Origin');
        if (allowed !== undefined && (allowed === '*' || allows(allowed))) allow(context, headers, conf, allowed);
      },
    };
  },
};

/** Browsers refuse `*` together with credentials; with `**` any site could read what only the user may. */
function refuseOpenCredentials({
  allow_credential,
  allow_origins: origins = '*',
  allow_methods,
  allow_headers,
  expose_headers,
}: Conf): void {
  if (allow_credential !== true) return;
  const open = [origins, allow_methods ?? '*', allow_headers ?? '*', expose_headers ?? ''].includes('*');
  if (open) throw new BadItem('with "allow_credential" nothing may be "*"');
}

function originTest({
  allow_origins: origins = '*',
  allow_origins_by_regex: patterns = [],
}: Conf): (origin: string) => boolean {
  const named = new Set(origins.split(','));
  const regexes = patterns.map((pattern) => compilePattern('/allow_origins_by_regex', pattern));
  return (origin) => origins === '**' || named.has(origin) || regexes.some((regex) => regex.test(origin));
}

function allow(context: RequestContext, headers: HeaderList, conf: Conf, origin: string): void {
  headers.set('access-control-allow-origin', origin);
  if (conf.allow_credential === true) headers.set('access-control-allow-credentials', 'true');
  if (conf.expose_headers !== undefined) headers.set('access-control-expose-headers', conf.expose_headers);
  if (context.method !== 'OPTIONS') return;
  const methods = conf.allow_methods ?? '*';
  headers.set('access-control-allow-methods', methods === '**' ? allMethods : methods);
  const wanted =
    conf.allow_headers === '**' ? context.header('access-control-request-headers') : (conf.allow_headers ?? '*');
  if (wanted !== undefined) headers.set('access-control-allow-headers', wanted);
  headers.set('access-control-max-age', String(conf.max_age ?? 5));
}
