/** Known-bad builds that change requests and answers on their way. */
import { type Row, type Side, showMutants } from '../../support/mutant-rows.ts';

const everything = async (side: Side): Promise<void> =>
  side.put({ 'routes/all': side.route('/*', { enable_websocket: true }) });

const echo = (line: string, ...headers: readonly string[]): readonly [string, ...string[]] => [
  `${line} HTTP/1.1`,
  'X-Case: echo',
  ...headers,
];

const status = (answer: string): string => /^HTTP\/1.1 (\d+)/.exec(answer)?.[1] ?? answer;

const upgrade = (connection: string): readonly [string, ...string[]] => [
  'GET /ws HTTP/1.1',
  `Connection: ${connection}`,
  'Upgrade: websocket',
];

const rows: readonly Row[] = [
  {
    mutant: 'reject-encoded-chars',
    clean: ['200', '200'],
    mutated: ['200', '400'],
    async show(side) {
      await everything(side);
      return [status(await side.send(echo('GET /a?b=%2F'))), status(await side.send(echo('GET /a%2Fb')))];
    },
  },
  {
    mutant: 'path-decode-slash',
    clean: true,
    mutated: false,
    async show(side) {
      await everything(side);
      return (await side.send(echo('GET /a%2Fb'))).includes('GET /a%2Fb HTTP/1.1');
    },
  },
  {
    mutant: 'xff-stripped',
    clean: true,
    mutated: false,
    async show(side) {
      await everything(side);
      return (await side.send(echo('GET /', 'X-Forwarded-For: 10.0.0.1'))).includes('10.0.0.1');
    },
  },
  {
    mutant: 'dup-header',
    clean: 1,
    mutated: 2,
    async show(side) {
      await everything(side);
      return (await side.send(echo('GET /', 'X-Real-IP: 10.0.0.1'))).match(/X-Real-IP/g)?.length;
    },
  },
  {
    mutant: 'dup-header-stringify',
    clean: [true, false],
    mutated: [false, true],
    async show(side) {
      await everything(side);
      const answer = await side.send(echo('GET /', 'X-A: one', 'X-A: two'));
      return [answer.includes('X-A: one'), answer.includes('[object Object]')];
    },
  },
  {
    mutant: 'sse-buffered',
    clean: 'bit by bit',
    mutated: 'at once',
    async show(side) {
      await everything(side);
      return (await side.send(['GET / HTTP/1.1', 'X-Case: stream'])).split(', ').at(-1);
    },
  },
  {
    mutant: 'chunked-with-length',
    clean: [true, false],
    mutated: [false, true],
    async show(side) {
      await everything(side);
      const answer = await side.send(['HEAD / HTTP/1.1', 'X-Case: length']);
      return [/content-length: 5/i.test(answer), /transfer-encoding: chunked/i.test(answer)];
    },
  },
  {
    mutant: 'rare-404',
    dose: 0.5,
    clean: 0,
    mutated: true,
    async show(side) {
      await everything(side);
      let wrong = 0;
      // 2⁻⁶⁰ that none of them is hit.
      for (let asked = 0; asked < 60; asked++) if (!(await side.get('/a')).startsWith('200')) wrong++;
      return wrong > 0 ? true : 0;
    },
  },
  {
    mutant: 'cpu-tax',
    dose: 50_000,
    clean: false,
    mutated: true,
    async show(side) {
      await everything(side);
      let least = Infinity;
      for (let asked = 0; asked < 10; asked++) {
        const from = performance.now();
        await side.get('/a');
        least = Math.min(least, performance.now() - from);
      }
      return least >= 50;
    },
  },
  {
    mutant: 'read-timeout-total-60',
    dose: 200,
    clean: true,
    mutated: false,
    async show(side) {
      await everything(side);
      const answer = await side.send(echo('POST /', 'Content-Length: 5'), { body: 'hello', pause: '2s' });
      return answer.includes('hello');
    },
  },
  {
    mutant: 'linger-kills-upgraded',
    dose: 100,
    clean: true,
    mutated: false,
    async show(side) {
      await everything(side);
      return (await side.send(upgrade('Upgrade'), { body: 'hello', pause: '2s' })).includes('/ws hello');
    },
  },
  {
    mutant: 'ws-upgrade-header-dropped',
    clean: ['101', '101'],
    mutated: ['101', '200'],
    async show(side) {
      await everything(side);
      const more = { body: 'x', pause: '100ms' } as const;
      return [
        status(await side.send(upgrade('Upgrade'), more)),
        status(await side.send(upgrade('keep-alive, Upgrade'), more)),
      ];
    },
  },
];

showMutants(rows);
