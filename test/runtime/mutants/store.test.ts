/** Known-bad builds that keep, refuse or read values in a wrong way. */
import { cpuSeconds } from '../../support/processes.ts';
import { type Row, type Side, showMutants } from '../../support/mutant-rows.ts';
import { until } from '../../support/http.ts';

/** For what has to come in both builds, however busy the host. Milliseconds. */
const patienceMs = 30_000;
const invalid = '{"uri":null}';

const refused = async (side: Side, key: string): Promise<void> =>
  until(
    async () => (await side.gateway.workers()).every(({ rejected }) => `${side.prefix}/${key}` in rejected),
    `${key} is refused`,
  );

const rows: readonly Row[] = [
  {
    mutant: 'event-batch-abort-on-invalid',
    clean: [true, true],
    mutated: [true, false],
    async show(side) {
      await side.write({ 'routes/a': side.route('/a'), 'routes/b': invalid, 'routes/c': side.route('/c') });
      return [await side.served('/a', patienceMs), await side.served('/c', 800)];
    },
  },
  {
    mutant: 'bad-item-poisons-directory',
    clean: [true, true],
    mutated: [false, true],
    async show(side) {
      await side.write({ 'routes/b': invalid });
      await refused(side, 'routes/b');
      await side.write({ 'routes/c': side.route('/c') });
      const meanwhile = await side.served('/c', 800);
      await side.write({ 'routes/b': undefined });
      return [meanwhile, await side.served('/c', patienceMs)];
    },
  },
  {
    mutant: 'bad-item-fails-cold-start',
    before: ({ route }) => ({ 'routes/a': route('/a'), 'routes/b': invalid }),
    clean: '200',
    mutated: '404',
    show: async (side) => (await side.get('/a')).slice(0, 3),
  },
  {
    mutant: 'no-recovery-after-fix',
    clean: true,
    mutated: false,
    async show(side) {
      await side.write({ 'routes/a': invalid });
      await refused(side, 'routes/a');
      await side.write({ 'routes/a': side.route('/a') });
      return side.served('/a', 800);
    },
  },
  {
    mutant: 'full-reload-drops-invalid',
    clean: ['200', '200'],
    mutated: ['200', '404'],
    async show(side) {
      await side.put({ 'routes/a': side.route('/a') });
      await side.write({ 'routes/a': invalid });
      await refused(side, 'routes/a');
      const before = (await side.get('/a')).slice(0, 3);
      await side.loseHistory();
      await until(async () => (await side.metric('gateway_config_relists_total')) > 0, 'everything is read again');
      return [before, (await side.get('/a')).slice(0, 3)];
    },
  },
  {
    mutant: 'delete-tombstone-hole',
    clean: true,
    mutated: false,
    async show(side) {
      await side.put({ 'routes/a': side.route('/a') });
      await side.put({ 'routes/a': undefined });
      await side.loseHistory();
      await side.write({ 'routes/c': side.route('/c') });
      return side.served('/c', 2_500);
    },
  },
  {
    mutant: 'noop-update-rebuild',
    before: ({ route }) =>
      Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`routes/r${i}`, route(`/r${i}`)])),
    times: 2,
    async show(side) {
      const { pid = -1 } = (await side.gateway.workers())[0] ?? {};
      const before = cpuSeconds(pid);
      const puts = Array.from({ length: 400 }, () => side.write({ 'routes/r0': side.route('/r0') }));
      await Promise.all(puts);
      await side.put({ 'routes/last': side.route('/last') });
      return cpuSeconds(pid) - before;
    },
  },
  {
    mutant: 'strict-schema-drops-item',
    clean: true,
    mutated: false,
    async show(side) {
      await side.write({ 'routes/a': side.route('/a', { vars: {} }) });
      return side.served('/a', 800);
    },
  },
  {
    mutant: 'strict-schema-fails-all',
    before: ({ route }) => ({
      'routes/a': route('/a'),
      'routes/b': route('/b', { vars: {} }),
      'routes/c': route('/c'),
    }),
    clean: ['200', '200'],
    mutated: ['200', '404'],
    show: async (side) => [(await side.get('/a')).slice(0, 3), (await side.get('/c')).slice(0, 3)],
  },
  {
    mutant: 'deprecated-field-ignored',
    clean: '101',
    mutated: '200',
    async show(side) {
      await side.put({ 'routes/a': side.route('/a', { enable_websocket: true }) });
      const head = ['GET /a HTTP/1.1', 'Host: h', 'Connection: Upgrade', 'Upgrade: websocket'] as const;
      const answer = await side.send(head, { body: 'x', pause: '100ms' });
      return /^HTTP\/1.1 (\d+)/.exec(answer)?.[1];
    },
  },
];

showMutants(rows);
