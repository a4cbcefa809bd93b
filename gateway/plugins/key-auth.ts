/** `key-auth`: who may call, by a key in a header or in the query. */
import type { RequestContext } from '../proxy/request-context.ts';
import { headerName } from './header-schemas.ts';
import type { Answer, Plugin } from './plugin.ts';

interface Conf {
  readonly header?: string;
  readonly query?: string;
  readonly hide_credentials?: boolean;
  readonly realm?: string;
}

export const keyAuth: Plugin = {
  name: 'key-auth',
  priority: 2500,
  schema: {
    type: 'object',
    properties: {
      header: headerName,
      query: { type: 'string', minLength: 1 },
      hide_credentials: { type: 'boolean' },
      realm: { type: 'string', pattern: '^[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]+$' },
    },
    additionalProperties: false,
  },
  bind({ header = 'apikey', query = 'apikey', hide_credentials: hide = false, realm = 'key' }: Conf) {
    const refusal = (message: string): Answer => ({
      status: 401,
      headers: { 'www-authenticate': `apikey realm="${realm}"` },
      body: { message },
    });
    return {
      rewrite(context) {
        const inHeader = context.header(header);
        const key = inHeader ?? context.variable(`arg_${query}`);
        if (key === undefined) return refusal('Missing API key in request');
        const consumer = context.gateway.consumers.find('key-auth', key);
        if (consumer === undefined) return refusal('Invalid API key in request');
        context.consumer = consumer;
        context.upstreamHeaders.set('X-Consumer-Username', consumer.username);
        if (hide && inHeader !== undefined) context.upstreamHeaders.delete(header);
        else if (hide) hideArgument(context, query);
        return undefined;
      },
    };
  },
};

/** The rest of the query passes as it was written. */
function hideArgument(context: RequestContext, name: string): void {
  const question = context.target.indexOf('?');
  const others = context.target
    .slice(question + 1)
    .split('&')
    .filter((part) => decoded(part.split('=')[0] ?? '') !== name);
  context.target = context.target.slice(0, question) + (others.length === 0 ? '' : `?${others.join('&')}`);
}

function decoded(text: string): string {
  return new URLSearchParams(`${text}=`).keys().next().value ?? text;
}
