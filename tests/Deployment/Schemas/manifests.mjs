// Holds rendered manifests to the schemas of their kinds: node manifests.mjs FOLDER MANIFEST...
//
//   FOLDER     where "npm install" of the package.json beside this file was run
//   MANIFEST   files of YAML documents
//
// Two readers see different faults: the schemas find wrong values and missing fields but pass fields that do not exist; the types find those.
// Prints a JSON object with a list of findings for each file that has some; exit code 0 also then.
import fs from 'node:fs';
import { compile, loader } from './literals.mjs';

const [folder, ...manifests] = process.argv.slice(2);
const load = loader(folder);
const yaml = await load('js-yaml/dist/js-yaml.mjs');
const packages = {
  'monitoring.coreos.com/v1': '@kubernetes-models/prometheus-operator/',
  'keda.sh/v1alpha1': '@kubernetes-models/keda/',
};
const findings = {};
const find = (file, text) => (findings[file] ??= []).push(text);

const sources = new Map();
for (const file of manifests) {
  const lines = [];
  for (const [index, document] of yaml.loadAll(fs.readFileSync(file, 'utf8')).filter(document => document).entries()) {
    const { apiVersion, kind } = document, label = `${kind}/${document.metadata?.name}`;
    const model = (packages[apiVersion] ?? 'kubernetes-models/') + apiVersion;
    const kinds = await load(`${model}/index.js`).catch(() => ({}));
    if (!kinds[kind]) {
      find(file, `${label}: there is no kind ${kind} in ${apiVersion}`);
      continue;
    }
    try {
      new kinds[kind](document).validate();
    } catch (error) {
      find(file, `${label}: ${error.message}`);
    }
    lines.push(`import type { I${kind} as K${index} } from '${model}';`, `export const ${kind}_${index}: K${index} = ${JSON.stringify(document)};`);
  }
  sources.set(file, lines.join('\n'));
}

for (const { name, message, before } of await compile(folder, sources))
  find(name, `${/^export const (\w+)_\d+:/.exec(before)?.[1] ?? 'manifest'}: ${message} (at ...${before.slice(-60)})`);
console.log(JSON.stringify(findings, null, 1));
