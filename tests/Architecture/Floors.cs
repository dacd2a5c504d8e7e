using System.Text.RegularExpressions;

namespace AEAnomaly.Architecture.Tests;

/// <summary>Reads from source which folders of a project import which: a folder imports another by a using directive, by a qualified name, or, from a folder within it, by a bare one.</summary>
internal static partial class Floors
{
    /// <summary>Lists every pair of folders of which the first imports the second, with a file that shows it.</summary>
    /// <param name="project">Name of the project's folder under src.</param>
    /// <param name="files">Every file under src/PROJECT, by its path from the root.</param>
    public static IReadOnlyDictionary<(string From, string To), string> Imports(string project, IEnumerable<(string Path, string[] Lines)> files)
    {
        var sources = files.Select(file => Source.Read(project, file.Path, file.Lines)).ToArray();
        var types = sources.SelectMany(source => source.Types.Select(type => (Type: type, source.Folder))).ToLookup(found => found.Type, found => found.Folder);
        var imports = new Dictionary<(string From, string To), string>();
        foreach (var source in sources)
        {
            foreach (var folder in source.Usings.Concat(Mentioned(source, types)).Where(folder => folder != source.Folder))
                imports.TryAdd((source.Folder, folder), source.Path);
        }

        return imports;
    }

    /// <summary>Finds the imports that lead back to where they come from.</summary>
    /// <returns>One line for each such import: both folders and a file that shows it; empty where the folders are floors.</returns>
    public static IEnumerable<string> Circles(IReadOnlyDictionary<(string From, string To), string> imports)
    {
        var next = imports.Keys.ToLookup(import => import.From, import => import.To);
        return imports
            .Where(import => Reach(import.Key.To, next).Contains(import.Key.From))
            .OrderBy(import => import.Key)
            .Select(import => $"{Name(import.Key.From)} imports {Name(import.Key.To)}, and that in turn {Name(import.Key.From)}: {import.Value}");
    }

    private static HashSet<string> Reach(string start, ILookup<string, string> next)
    {
        var (reached, waiting) = (new HashSet<string> { start }, new Stack<string>([start]));
        while (waiting.TryPop(out var folder))
        {
            foreach (var further in next[folder].Where(reached.Add))
                waiting.Push(further);
        }

        return reached;
    }

    // Types of the folders around a folder need no using.
    private static IEnumerable<string> Mentioned(Source source, ILookup<string, string> types)
    {
        foreach (Match word in Words().Matches(source.Code))
        {
            var (qualifier, name) = (word.Groups[1].Value, word.Groups[2].Value);
            foreach (var folder in types[name])
            {
                var isAround = folder.Length == 0 || source.Folder.StartsWith(folder + ".", StringComparison.Ordinal);
                if (qualifier.Length == 0 ? isAround && !types[name].Contains(source.Folder) : qualifier == folder[(folder.LastIndexOf('.') + 1)..])
                    yield return folder;
            }
        }
    }

    private static string Name(string folder) => folder.Length == 0 ? "the project's own folder" : folder;

    [GeneratedRegex(@"(?:(?<=\b(\w+)\.)|(?<![\w.]))([A-Z]\w*)")]
    private static partial Regex Words();

    private sealed partial record Source(string Path, string Folder, string[] Types, string[] Usings, string Code)
    {
        public static Source Read(string project, string path, string[] lines)
        {
            var folder = System.IO.Path.GetDirectoryName(path)!.Replace('\\', '/')[$"src/{project}".Length..].Trim('/').Replace('/', '.');
            var prefix = $"AEAnomaly.{project}.";
            var usings = lines.Select(line => Using().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]).ToArray();
            var code = string.Join('\n', lines.Where(line => !line.StartsWith("using ", StringComparison.Ordinal) && !line.StartsWith("namespace ", StringComparison.Ordinal))
                .Select(line => NoCode().Replace(line, "")));
            return new Source(path, folder, [.. lines.Select(line => Type().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)], usings, code);
        }

        [GeneratedRegex(@"^using (?:static )?([\w.]+);")]
        private static partial Regex Using();

        [GeneratedRegex(@"^(?:public |internal |abstract |sealed |static |partial |readonly |ref |unsafe )*(?:class|struct|record struct|record|interface|enum|delegate \S+) (\w+)")]
        private static partial Regex Type();

        [GeneratedRegex(@"//.*|""(?:\\.|[^""\\])*""")]
        private static partial Regex NoCode();
    }
}
