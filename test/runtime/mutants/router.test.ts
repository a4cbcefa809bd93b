/** Known-bad builds that find the wrong route, or find it too dearly. */
import { cpuSeconds } from '../../support/processes.ts';
import { type Row, type Side, showMutants } from '../../support/mutant-rows.ts';

/** A route that says its own name. */
const named = (side: Side, name: string, match: object): object =>
  side.route('', { plugins: { 'proxy-rewrite': { uri: `/${name}` } }, ...match });

/** So large that to go through it costs more than all else that a change and a request do. */
const table: Row['before'] = ({ route }) =>
  Object.fromEntries(Array.from({ length: 2_500 }, (_, i) => [`routes/r${i}`, route(`/r${i}`)]));

/** Seconds that changes, each followed by a request, take of the worker's processor. */
const costOfChanges = async (side: Side): Promise<number> => {
  const { pid = -1 } = (await side.gateway.workers())[0] ?? {};
  const before = cpuSeconds(pid);
  for (let turn = 0; turn < 150; turn++) {
    const last = turn % 10 === 9;
    const change = { 'routes/change': side.route(`/change/${turn}`) };
    // Waiting for each would cost more than what is measured.
    if (last) await side.put(change);
    else await side.write(change);
    await side.get('/r0');
  }
  return cpuSeconds(pid) - before;
};

/** What was won, or the status where nothing was. */
const won = async (side: Side, path: string, host = 'h.test'): Promise<string> => {
  const answer = await side.get(path, host);
  return answer.startsWith('200') ? answer.slice(4) : answer.slice(0, 3);
};

const rows: readonly Row[] = [
  ...['router-sort-per-insert', 'rebuild-on-request-path', 'router-rebuild-per-event'].map((mutant): Row => ({
    mutant,
    before: table,
    times: 1.7,
    show: costOfChanges,
  })),
  {
    mutant: 'priority-lost',
    clean: '/high',
    mutated: '/low',
    async show(side) {
      await side.put({
        'routes/a': named(side, 'low', { uri: '/p/*', priority: 1 }),
        'routes/b': named(side, 'high', { uri: '/p/*', priority: 9 }),
      });
      return won(side, '/p/x');
    },
  },
  {
    mutant: 'priority-by-rule-length',
    clean: '/specific',
    mutated: '/wordy',
    async show(side) {
      await side.put({
        'routes/specific': named(side, 'specific', { hosts: ['h.test'], uri: '/r/:id' }),
        'routes/wordy': named(side, 'wordy', { hosts: ['h.test', 'another-name.test'], uri: '/r/*' }),
      });
      return won(side, '/r/x');
    },
  },
  {
    mutant: 'router-flavour-default',
    clean: '/by-host',
    mutated: '/by-path',
    async show(side) {
      await side.put({
        'routes/by-host': named(side, 'by-host', { host: 'h.test', uri: '/*' }),
        'routes/by-path': named(side, 'by-path', { uri: '/deep/er' }),
      });
      return won(side, '/deep/er');
    },
  },
  {
    mutant: 'trailing-slash-strict',
    clean: ['/p/x', '/p/x/'],
    mutated: ['/p/x', '404'],
    async show(side) {
      await side.put({ 'routes/p': side.route('/p/*') });
      return [await won(side, '/p/x'), await won(side, '/p/x/')];
    },
  },
  {
    mutant: 'regex-dot-newline',
    clean: '/p/a%0Ab',
    mutated: '404',
    async show(side) {
      await side.put({ 'routes/p': side.route('/p/*') });
      return won(side, '/p/a%0Ab');
    },
  },
  {
    mutant: 'regex-engine-swap',
    clean: true,
    mutated: false,
    async show(side) {
      await side.write({ 'routes/v': side.route('/v', { vars: [['arg_a', '~~', '^(?!2)']] }) });
      return side.served('/v?a=1', 800);
    },
  },
  {
    mutant: 'rewrite-semantics',
    clean: '/kept/a/b',
    mutated: '/kept/',
    async show(side) {
      const plugins = { 'proxy-rewrite': { regex_uri: ['^/strip/(.*)', '/kept/$1'] } };
      await side.put({ 'routes/s': side.route('/strip/*', { plugins }) });
      return won(side, '/strip/a/b');
    },
  },
  {
    mutant: 'path-join',
    clean: '/v1.0',
    mutated: '/v1/.0',
    async show(side) {
      const plugins = { 'proxy-rewrite': { regex_uri: ['^/api(.*)', '/v1$1'] } };
      await side.put({ 'routes/s': side.route('/api*', { plugins }) });
      return won(side, '/api.0');
    },
  },
];

showMutants(rows);
