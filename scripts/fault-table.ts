/** docs/FAULTS.md, made of what the injectors say of themselves. */
import { injectors } from '../harness/faults/index.ts';
import { catalogue } from '../scenarios/catalogue.ts';

export const faultsFile = 'docs/FAULTS.md';

const head = `# Faults

Every kind of fault that a scenario may name, made of the table in \`harness/faults/\` by \`make docs\`. A fault counts only
when its proof was seen while it held: a trial without it is INVALID, never passed or failed. Fields and their meaning are in
\`scenarios/scenario.ts\`, and in the schema that \`gatecrash schema\` prints. Faults of the link between gateway and etcd
(\`watch.\`, \`unary.\`, \`range.\`, \`link.\`) can be aimed by \`connection\` (the nth), \`share\` or \`gateway\`; those that break a promise of
etcd's have to say so (\`breaksPromisesOfEtcd: true\`), and no breach under them is a gateway's regression.

| kind | between | what it does | proof that it took hold | needs of a host | in scenarios |
| --- | --- | --- | --- | --- | --- |
`;

export function faultsDocument(): string {
  const rows = Object.entries(injectors).map(([kind, { about }]) => {
    const users = catalogue.filter(({ timeline }) => timeline.some(({ fault }) => fault.kind === kind));
    const names = users.map(({ name }) => `\`${name}\``).join(', ');
    const { needs = '' } = about;
    return `| \`${kind}\` | ${about.hop} | ${about.does} | ${about.proof} | ${needs} | ${names} |\n`;
  });
  return head + rows.join('');
}
