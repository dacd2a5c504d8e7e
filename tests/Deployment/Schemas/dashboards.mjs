// Holds dashboards to Grafana's own types: node dashboards.mjs FOLDER DASHBOARD...
//
//   FOLDER      where "npm install" of the package.json beside this file was run
//   DASHBOARD   files of JSON
//
// Prints a JSON object with a list of findings for each file that has some; exit code 0 also then.
import fs from 'node:fs';
import { compile } from './literals.mjs';

const [folder, ...files] = process.argv.slice(2);
const kinds = { timeseries: 'TimeSeries', stat: 'Stat', 'state-timeline': 'StateTimeline', heatmap: 'Heatmap', table: 'Table' };
const imports = Object.entries(kinds).map(([kind, name]) =>
  `import type * as ${name} from '@grafana/schema/dist/esm/raw/composable/${kind.replace('-', '')}/panelcfg/x/${name}PanelCfg_types.gen';`);
// JSON has no enums: their members are written as the texts they stand for. Fields of options that a panel leaves out take Grafana's defaults.
const types = `
import type { Dashboard, DataSourceRef, Panel, RowPanel } from '@grafana/schema';
${imports.join('\n')}
type Json<T> = T extends string ? \`\${T}\` : T extends (infer E)[] ? Json<E>[] : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
type Some<T> = T extends (infer E)[] ? Some<E>[] : T extends object ? { [K in keyof T]?: Some<T[K]> } : T;
type Target = { refId: string; expr: string; datasource: DataSourceRef; legendFormat?: string; instant?: boolean; range?: boolean; format?: 'time_series' | 'table' | 'heatmap' };
type Typed<T extends string, O, F> = Omit<Panel<Some<O>, Some<F>>, 'type' | 'targets'> & { type: T; targets: Target[] };
type Shown = ${Object.entries(kinds).map(([kind, name]) => `Typed<'${kind}', ${name}.Options, ${name === 'Stat' ? '{}' : `${name}.FieldConfig`}>`).join(' | ')} | RowPanel;
type Query = { name: string; datasource: DataSourceRef; enable: boolean; iconColor: string; expr: string; step: string; titleFormat: string; textFormat: string; tagKeys: string };
export const dashboard: Json<Omit<Dashboard, 'panels' | 'annotations'>> & { annotations: { list: Query[] }; panels: Json<Shown>[] } = `;

const findings = {};
for (const { name, message, after } of await compile(folder, new Map(files.map(file => [file, types + fs.readFileSync(file, 'utf8')]))))
  (findings[name] ??= []).push(`${message} (at ${after})`);
console.log(JSON.stringify(findings, null, 1));
