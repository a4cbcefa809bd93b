/** The end of the page: how to run and decide again, the judge's constants, the environment. */
import path from 'node:path';
import type { Plan } from '../../model/plan.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { ReportContext } from '../reporter.ts';
import { markup, type Content, type Markup } from './markup.ts';
import { place } from './place.ts';
import { folded, table } from './table.ts';

export function again({ replay, runFolder }: ReportContext): Markup {
  const run = path.basename(runFolder);
  return markup`<section aria-labelledby="again"><h2 id="again">Again</h2>
<p>Run the same plan again (same builds, scenarios and seed):</p>
<pre tabindex="0">${replay}</pre>
<p>Or, from the plan that is stored with the run:</p>
<pre tabindex="0">gatecrash replay ${run}</pre>
<p>Decide again from the stored evidence; it gives the same <code>verdict.json</code>, byte for byte:</p>
<pre tabindex="0">gatecrash judge ${run}</pre>
<p>Evidence beside this page: ${place('plan.json')}, ${place('verdict.json')}, ${place('environment.json')},
and <code>trials/</code> with a folder for each trial. Run folder: <code>${runFolder}</code></p></section>`;
}

export function constants({ constants: stated }: Verdict): Markup {
  const rows = Object.entries(stated).map(([name, value]) => [markup`<code>${name}</code>`, value]);
  const all = table({ caption: 'Every number that moved the verdict', head: ['constant', 'value'], rows, limit: 100 });
  return markup`<section aria-labelledby="constants"><h2 id="constants">Constants of the judge</h2>
${folded(`${rows.length} constants`, all)}</section>`;
}

export function environmentFacts({ environment }: ReportContext, plan: Plan): Markup {
  const { host, node, etcd, git, argv, startedAt } = environment;
  const facts: readonly (readonly [string, Content])[] = [
    ['started', startedAt],
    ['command', markup`<code>gatecrash ${argv.join(' ')}</code>`],
    ['host', `${host.cpu}, ${host.cores} cores, ${host.memoryMiB} MiB, kernel ${host.kernel}`],
    ['Node', node],
    ['etcd', `${etcd.version} (${etcd.from})`],
    ['gatecrash', git ?? 'not a checkout'],
    ['runtime', plan.runtime],
    ['seed', plan.seed],
    [
      'scales',
      plan.calibration === undefined
        ? 'built in: no calibration of this host'
        : markup`calibration <code>${plan.calibration.hash}</code>`,
    ],
    ['plan', markup`<code>${plan.hash}</code>`],
  ];
  return markup`<section aria-labelledby="environment"><h2 id="environment">Environment</h2>
<dl>${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl></section>`;
}
