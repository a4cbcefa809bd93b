/** A calibration as a table for people. */
import type { Calibration, MetricCalibration, ScenarioCalibration } from '../model/calibration.ts';
import { plain } from './plain.ts';

/** Lines without a line break at the end. */
export function renderCalibration({ host, build, scenarios }: Calibration): string {
  const head = plain(`equal trials of ${build} on ${host.cpu}, ${host.cores} cores`);
  return [head, ...Object.entries(scenarios).flatMap(([name, scenario]) => scenarioLines(name, scenario))].join('\n');
}

function scenarioLines(name: string, { blocks, autocorrelation, warmupCutMs, metrics }: ScenarioCalibration): string[] {
  const within = autocorrelation === null ? 'too few seconds to tell' : autocorrelation.toFixed(2);
  const cut = warmupCutMs === null ? 'cannot be told from this few seconds before the fault' : `${warmupCutMs} ms`;
  return [
    '',
    `${plain(name)}  (${blocks} blocks; second to second autocorrelation ${within}; warm-up cut ${cut})`,
    row(['metric', 'median', 'sd', 'scale', 'kurtosis', 'tolerance >=', 'blocks to pass']),
    ...Object.entries(metrics).map(([metric, one]) => row([metric, ...cells(one)])),
  ];
}

function cells({ median, sd, scale, kurtosis, tolerance, blocks }: MetricCalibration): string[] {
  return [
    String(Number(median.toPrecision(3))),
    sd.toFixed(3),
    scale.toFixed(3),
    kurtosis === null ? '-' : kurtosis.toFixed(1),
    `+${Math.round(tolerance * 100)} %`,
    blocks === null ? '-' : String(blocks),
  ];
}

function row([first = '', ...others]: readonly string[]): string {
  return `  ${first.padEnd(26)}${others.map((cell) => cell.padStart(14)).join('')}`;
}
