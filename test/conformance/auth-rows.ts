/** Authentication is turned on, asked of, and turned off: the last rows, since nothing else passes meanwhile. */
import { until } from '../support/http.ts';
import { askJson, base64 } from './json-rows.ts';
import { unary } from './grpc-rows.ts';
import type { Answer, Row } from './row.ts';
import { openStream } from './watch-stream.ts';

function post(what: string, path: string, body: object, user?: string): Row {
  const ask = async (url: URL): Promise<Answer> => {
    const headers: Record<string, string> = {};
    if (user !== undefined) headers['authorization'] = await tokenOf(url, user);
    return askJson(url, path, { body: JSON.stringify(body), headers });
  };
  return { area: 'auth', what, way: 'JSON', ask };
}

async function tokenOf(url: URL, name: string): Promise<string> {
  if (name === 'nobody') return 'made.up';
  const { content } = await askJson(url, '/v3/auth/authenticate', {
    body: JSON.stringify({ name, password: 'secret' }),
  });
  return (content as { body: { token: string } }).body.token;
}

/** A watch from now: what it is told at once. */
function watch(what: string, watched: { readonly key: string; readonly range_end?: string }, user?: string): Row {
  const ask = async (url: URL): Promise<Answer> => {
    const headers = user === undefined ? {} : { authorization: await tokenOf(url, user) };
    using stream = openStream('JSON', url, [{ create_request: watched }], headers);
    await until(() => stream.lines.length > 0, 'it is answered');
    const [first] = stream.lines;
    // The revision of a refusal is whatever the store is at.
    return { summary: first?.canceled === true ? 'refused' : 'created', content: { ...first, header: '*' } };
  };
  return { area: 'auth', what, way: 'JSON', ask };
}

const range = { key: base64('/apisix/'), range_end: base64('/apisix0') };

export const authRows: readonly Row[] = [
  post('status', '/v3/auth/status', {}),
  unary('auth', 'status', 'Auth.AuthStatus', {}),
  post('enable without root', '/v3/auth/enable', {}),
  unary('auth', 'enable without root', 'Auth.AuthEnable', {}),
  ...['root', 'reader'].flatMap((name) => [
    post(`add the user ${name}`, '/v3/auth/user/add', { name, password: 'secret' }),
    post(`add the role ${name}`, '/v3/auth/role/add', { name }),
    post(`give ${name} its role`, '/v3/auth/user/grant', { user: name, role: name }),
  ]),
  unary('auth', 'add a user that is there', 'Auth.UserAdd', { name: 'reader', password: 'x' }),
  post('let the role read', '/v3/auth/role/grant', { name: 'reader', perm: { permType: 'READ', ...range } }),
  post('enable', '/v3/auth/enable', {}),
  post('a wrong password', '/v3/auth/authenticate', { name: 'reader', password: 'wrong' }),
  unary('auth', 'a wrong password', 'Auth.Authenticate', { name: 'reader', password: 'wrong' }),
  unary('auth', 'a range without a token', 'KV.Range', { key: Buffer.from('/apisix/a') }),
  post('a range without a token', '/v3/kv/range', range),
  post('a range with a token that is none', '/v3/kv/range', range, 'nobody'),
  post('a range by who may read', '/v3/kv/range', range, 'reader'),
  {
    ...post('a serializable range by who may read', '/v3/kv/range', { ...range, serializable: true }, 'reader'),
    mirrored: true,
  },
  post('a range by who may not', '/v3/kv/range', { key: base64('/other') }, 'reader'),
  post('a serializable range by who may not', '/v3/kv/range', { key: base64('/other'), serializable: true }, 'reader'),
  post('a put by who may only read', '/v3/kv/put', { key: base64('/apisix/a') }, 'reader'),
  watch('a watch by who may read', range, 'reader'),
  watch('a watch by who may not', { key: base64('/other') }, 'reader'),
  watch('a watch without a token', range),
  watch('a watch with a token that is none', range, 'nobody'),
  post('users, by who may not ask', '/v3/auth/user/list', {}, 'reader'),
  post('users', '/v3/auth/user/list', {}, 'root'),
  post('disable', '/v3/auth/disable', {}, 'root'),
];
