/** A dashboard as data, and how it becomes Grafana's JSON. */
import {
  type Dashboard,
  DashboardBuilder,
  DatasourceVariableBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

export interface Panel {
  readonly title: string;
  /** What a reader should make of it. */
  readonly about: string;
  /** Grafana's unit, such as `s`, `reqps`, `percentunit`, `bytes`, `short`. */
  readonly unit: string;
  /** PromQL with the legend of its lines. */
  readonly lines: readonly (readonly [expression: string, legend: string])[];
}

export interface Board {
  readonly uid: string;
  readonly title: string;
  /** How far back it looks at first. */
  readonly from: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
}

/** Chosen on the page: every installation names its Prometheus otherwise. */
const datasource = { type: 'prometheus', uid: '${datasource}' };

export function grafanaJson(board: Board): Dashboard {
  const builder = new DashboardBuilder(board.title)
    .uid(board.uid)
    .tags(['gatecrash', 'generated'])
    .refresh('30s')
    .time({ from: board.from, to: 'now' })
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  for (const { title, panels } of board.rows) {
    builder.withRow(new RowBuilder(title));
    for (const panel of panels) builder.withPanel(timeseries(panel));
  }
  return builder.build();
}

function timeseries({ title, about, unit, lines }: Panel): PanelBuilder {
  const panel = new PanelBuilder().title(title).description(about).unit(unit).datasource(datasource).height(8).span(12);
  for (const [expression, legend] of lines)
    panel.withTarget(new DataqueryBuilder().datasource(datasource).expr(expression).legendFormat(legend));
  return panel;
}
