/** Known-bad builds towards upstreams. */
import { type Row, type Side, showMutants } from '../../support/mutant-rows.ts';
import { until } from '../../support/http.ts';

const nodeTwice = ({ node }: Side): object => {
  const [host, port] = node.split(':');
  const one = { host, port: Number(port), weight: 1 };
  return { nodes: [one, one] };
};

const checks = (name: string): object => ({
  active: {
    http_path: `/probe/${name}`,
    healthy: { interval: 1, successes: 1 },
    unhealthy: { interval: 1, http_failures: 1, tcp_failures: 1 },
  },
});

const page = async ({ gateway }: Side): Promise<string> => (await fetch(new URL('/metrics', gateway.status))).text();

/** For what has to come in both builds, however busy the host. Milliseconds. */
const patienceMs = 60_000;

/** Asked until it is so, or for as long as the upstream calls a probe recent, and as long again. */
const probed = async (side: Side, name: string, wanted: boolean, withinMs = 7_000): Promise<boolean> => {
  const deadline = performance.now() + withinMs;
  let now = !wanted;
  while (performance.now() < deadline && now !== wanted)
    now = !(await side.send(['GET /told HTTP/1.1', 'X-Case: probed', `X-Id: ${name}`])).includes('not probed');
  return now;
};

const rows: readonly Row[] = [
  {
    mutant: 'retry-post',
    clean: '502',
    mutated: '200',
    async show(side) {
      await side.put({ 'routes/a': side.route('/a', { upstream: nodeTwice(side) }) });
      const head = ['POST /a HTTP/1.1', 'X-Case: reset-once', `X-Id: ${side.prefix}`, 'Content-Length: 0'] as const;
      return /^HTTP\/1.1 (\d+)/.exec(await side.send(head))?.[1];
    },
  },
  {
    mutant: 'no-retry-on-stale-conn',
    clean: ['200'],
    mutated: ['200', '502'],
    async show(side) {
      const upstream = { nodes: { [side.node]: 1, '127.0.0.1:9': 1 } };
      await side.put({ 'routes/a': side.route('/a', { upstream }) });
      const seen = new Set<string>();
      for (let turn = 0; turn < 4; turn++) seen.add((await side.get('/a')).slice(0, 3));
      return [...seen].toSorted();
    },
  },
  {
    mutant: 'keepalive-disabled',
    clean: true,
    mutated: false,
    async show(side) {
      await side.put({ 'routes/a': side.route('/a') });
      const head = ['GET /a HTTP/1.1', 'X-Case: connection'] as const;
      await side.send(head);
      return (await side.send(head)).includes('used before');
    },
  },
  {
    mutant: 'keepalive-pool-key-missing-scheme',
    clean: ['200', '502'],
    mutated: ['200', '200'],
    async show(side) {
      const secure = { scheme: 'https', nodes: { [side.node]: 1 } };
      await side.put({ 'routes/a': side.route('/a'), 'routes/b': side.route('/b', { upstream: secure }) });
      return [(await side.get('/a')).slice(0, 3), (await side.get('/b')).slice(0, 3)];
    },
  },
  {
    mutant: 'healthcheck-leak',
    clean: [true, false],
    mutated: [true, true],
    async show(side) {
      const name = side.prefix.slice(1);
      const upstream = { nodes: { [side.node]: 1 }, checks: checks(name) };
      await side.put({ 'routes/told': side.route('/told'), 'upstreams/u': upstream });
      await side.put({ 'routes/a': { uri: '/a', upstream_id: 'u' } });
      await side.get('/a');
      const before = await probed(side, name, true, patienceMs);
      await side.put({ 'routes/a': undefined });
      await side.put({ 'upstreams/u': undefined });
      return [before, await probed(side, name, false)];
    },
  },
  {
    mutant: 'healthcheck-lock-orphan',
    clean: [true, true],
    mutated: [true, false],
    async show(side) {
      const name = side.prefix.slice(1);
      const upstream = { nodes: { [side.node]: 1 } };
      await side.put({ 'routes/told': side.route('/told'), 'upstreams/u': { ...upstream, checks: checks(name) } });
      await side.put({ 'routes/a': { uri: '/a', upstream_id: 'u' } });
      await side.get('/a');
      const before = await probed(side, name, true, patienceMs);
      await side.put({ 'upstreams/u': upstream });
      await probed(side, name, false, patienceMs);
      await side.put({ 'upstreams/u': { ...upstream, checks: checks(name) } });
      await side.get('/a');
      return [before, await probed(side, name, true)];
    },
  },
  {
    mutant: 'healthcheck-rebuild-window',
    clean: ['200', '200', '200'],
    mutated: ['200', '200', '502'],
    async show(side) {
      const upstream = (live: number, dead: number): object => ({
        nodes: { [side.node]: live, '127.0.0.1:9': dead },
        checks: checks(side.prefix.slice(1)),
      });
      await side.put({ 'routes/told': side.route('/told'), 'upstreams/u': upstream(1, 1) });
      await side.put({ 'routes/a': { uri: '/a', upstream_id: 'u' } });
      const first = (await side.get('/a')).slice(0, 3);
      await until(async () => /gateway_upstream_healthy.* 0$/m.test(await page(side)), 'the dead node is known');
      const head = ['POST /a HTTP/1.1', 'Content-Length: 0'] as const;
      const post = async (): Promise<string | undefined> => /^HTTP\/1.1 (\d+)/.exec(await side.send(head))?.[1];
      const known = await post();
      await side.put({ 'upstreams/u': upstream(1, 9) });
      return [first, known, await post()];
    },
  },
];

showMutants(rows);
