// Compiles JSON values as literals of types: fields that do not exist and values of a wrong type are errors of the compiler, also where a schema lets them pass.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Loads a module of the packages in a folder. */
export const loader = folder => file => import(pathToFileURL(path.resolve(folder, 'node_modules', file)));

/**
 * Compiles sources that see the packages of a folder.
 * @param sources Map of a name to TypeScript.
 * @returns List of { name, message, before, after }: the last two are what stands around the place in its line.
 */
export async function compile(folder, sources) {
  const typescript = (await loader(folder)('typescript/lib/typescript.js')).default;
  const options = {
    noEmit: true, strict: true, skipLibCheck: true, types: [], target: typescript.ScriptTarget.ES2022,
    module: typescript.ModuleKind.ESNext, moduleResolution: typescript.ModuleResolutionKind.Bundler,
  };
  const texts = new Map([...sources].map(([name, text], index) => [path.resolve(folder, `literal-${index}.ts`), { name, text }]));
  const host = typescript.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (file, ...rest) => texts.has(file) ? typescript.createSourceFile(file, texts.get(file).text, options.target) : getSourceFile.call(host, file, ...rest);
  host.fileExists = file => texts.has(file) || fileExists.call(host, file);
  const program = typescript.createProgram([...texts.keys()], options, host);
  return [...texts].flatMap(([file, { name }]) => {
    const source = program.getSourceFile(file);
    return program.getSemanticDiagnostics(source).map(({ messageText, start }) => ({
      name, message: typescript.flattenDiagnosticMessageText(messageText, ' '),
      before: source.text.slice(0, start).split('\n').at(-1), after: source.text.slice(start).split('\n')[0],
    }));
  });
}
