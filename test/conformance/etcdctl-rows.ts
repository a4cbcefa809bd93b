/** etcd's own command line, where it is installed. */
import { execFile, spawnSync } from 'node:child_process';
import type { Answer, Row } from './row.ts';

export function hasEtcdctl(): boolean {
  return spawnSync('etcdctl', ['version'], { stdio: 'ignore' }).status === 0;
}

function run(url: URL, args: readonly string[], input: string): Promise<Answer> {
  return new Promise((resolve) => {
    const env = { ...process.env, ETCDCTL_API: '3' };
    const child = execFile(
      'etcdctl',
      [`--endpoints=${url.host}`, '--command-timeout=5s', ...args],
      { env },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        const content = { code, stdout: plain(stdout, url), error: plain(stderr, url).match(/Error: .*/)?.[0] };
        resolve({ summary: `exit ${code}`, content });
      },
    );
    child.stdin?.end(input);
  });
}

/** Without addresses, ids of members and times. */
function plain(text: string, url: URL): string {
  return (
    text
      .replaceAll(/http:\/\/[\d.:]+/g, '<url>')
      .replaceAll(url.host, '<endpoint>')
      .replaceAll(/took = [\d.µm]+s/g, 'took = *')
      // Hexadecimal without leading zeros: one id in 256 has less than fifteen digits.
      .replaceAll(/\b[\da-f]{8,16}\b/g, '<id>')
      .replaceAll(/remaining\(\d+s\)/g, 'remaining(*)')
  );
}

function ctl(line: string, input = ''): Row {
  return {
    area: 'etcdctl',
    what: `\`etcdctl ${line}\``,
    way: 'etcdctl',
    ask: (url) => run(url, line.split(' '), input),
  };
}

export const etcdctlRows: readonly Row[] = [
  ctl('put /apisix/ctl/a 1'),
  ctl('put /apisix/ctl/a 2 --prev-kv'),
  ctl('put /apisix/ctl/b 1 --lease=1234'),
  ctl('get /apisix/ctl/a'),
  ctl('get --prefix /apisix/ctl/ -w json --keys-only --consistency=s'),
  ctl('get --prefix /apisix/ctl/ --rev=9000000'),
  ctl('txn', 'version("/apisix/ctl/a") = "2"\n\nput /apisix/ctl/b yes\nget /apisix/ctl/b\n\nput /apisix/ctl/b no\n\n'),
  ctl('del --prefix /apisix/ctl/'),
  ctl('lease grant 600'),
  ctl('lease revoke 1234'),
  ctl('lease list'),
  ctl('compaction 9000000'),
  ctl('compaction 3'),
  ctl('member list'),
  ctl('endpoint health'),
  ctl('alarm list'),
  ctl('user list'),
  ctl('user get nobody'),
  ctl('lock here true'),
].map((row) => (row.what.includes('json') ? { ...row, ask: withoutIds(row.ask) } : row));

/** JSON has the ids as numbers. */
function withoutIds(ask: Row['ask']): Row['ask'] {
  return async (url, etcd) => {
    const { summary, content } = await ask(url, etcd);
    const text = JSON.stringify(content).replaceAll(/((?:cluster_id|member_id|raft_term)\\?":)\d+/g, '$1*');
    return { summary, content: text };
  };
}
