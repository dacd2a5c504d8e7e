using System.CommandLine;
using System.Text.RegularExpressions;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Documentation;

/// <summary>Every command that a document shows exists, and takes the words that it is shown with.</summary>
public sealed partial class DocumentedCommandTests
{
    // Programs of others, which this repository cannot hold to anything.
    private static readonly string[] ProgramsOfOthers = ["git", "pip", "kafka-consumer-groups", "podman", "docker", "helm", "kubectl", "promtool"];

    private static readonly DocumentedCommand[] Commands = [.. MarkdownFile.All().SelectMany(DocumentedCommand.In)];

    private static readonly Lazy<string> ProjectFiles = new(() => string.Join('\n',
        from pattern in (string[])["*.csproj", "*.props", "*.targets"]
        from path in Directory.GetFiles(Path.Combine(TestEnvironment.RepositoryFolder, "src"), pattern, SearchOption.AllDirectories)
        where !path.Contains("/obj/", StringComparison.Ordinal)
        select File.ReadAllText(path)));

    // A sentence names a command without all that it needs.
    [Fact]
    public void Product_CommandsOfTheDocuments_AreTakenByTheCatalog() =>
        AssertNone(
            from command in Commands
            where command.IsProduct
            from problem in Problems(command.Words[1..])
            where command.IsWhole || !problem.EndsWith("is required.", StringComparison.Ordinal)
            select $"{command}: {problem}");

    [Fact]
    public void Product_CommandsOfTheCatalog_AreInTheTableOfCommands()
    {
        var described = DocumentedCommand.In(MarkdownFile.Read("docs/cli.md")).Where(command => command is { IsProduct: true, IsWhole: true }).Select(command => command.Words[1]);
        Assert.Empty(CommandCatalog.Build([], Silent).Subcommands.Select(command => command.Name).Except(described));
    }

    [Fact]
    public void Product_OptionsNamedInSentences_AreThoseOfACommand()
    {
        var known = AllOptions(CommandCatalog.Build([], Silent)).Append("--help").Append("--version").ToHashSet();
        AssertNone(
            from file in MarkdownFile.All()
            where file.Path.StartsWith("docs/", StringComparison.Ordinal) || file.Path == "README.md"
            from span in file.Spans()
            where span.Text.StartsWith("--", StringComparison.Ordinal) && !known.Contains(span.Text.Split(' ', '|', '=')[0])
            select $"{file.Path}:{span.Line}: no command has {span.Text}");
    }

    [Fact]
    public void OtherPrograms_CommandsOfTheDocuments_FitTheRepository() =>
        AssertNone(from command in Commands where !command.IsProduct && OtherProblem(command.Words) is not null select $"{command}: {OtherProblem(command.Words)}");

    [Fact]
    public void Commands_OfTheDocuments_AreFound()
    {
        var places = Commands.Select(command => command.Place.Split(':')[0]).ToHashSet();
        Assert.Superset(new HashSet<string> { "README.md", "CONTRIBUTING.md", "samples/README.md", "docs/cli.md", "docs/runbook.md", "docs/gpu.md", "docs/configuration.md" }, places);
        Assert.Contains(Commands, command => command is { IsWhole: true, Text: "aeanomaly init --topic T" });
    }

    [Theory]
    [InlineData("run --confg FILE", "unknown option '--confg'; did you mean '--config'?")]
    [InlineData("trian --data FILE", "unknown command 'trian'; did you mean 'train'?")]
    [InlineData("evaluate --data FILE --label COL --device gpu", "--device: found 'gpu'; expected one of auto, native, torch, cuda.")]
    public void Problems_CommandThatIsWrong_AreSaid(string words, string problem) => Assert.Contains(problem, Problems(words.Split(' ')));

    [Theory]
    [InlineData("./test.sh Modles", "there is no folder tests/Modles")]
    [InlineData("./test.sh --filtr X", "test.sh knows no --filtr")]
    [InlineData("bench/quality/run.sh DATA --fast", "bench/quality/run.sh knows no --fast")]
    [InlineData("dotnet publish src/Hots", "there is no src/Hots")]
    [InlineData("dotnet publish src/Host -p:WithTroch=true", "no project asks for WithTroch")]
    [InlineData("python3 eng/notices.py", "there is no eng/notices.py")]
    [InlineData("make all", "a test must know what make takes")]
    public void OtherProblem_CommandThatIsWrong_IsSaid(string words, string problem) => Assert.Equal(problem, OtherProblem(words.Split(' ')));

    private static CommandEnvironment Silent => new() { Output = TextWriter.Null, Error = TextWriter.Null, OpenInput = () => Stream.Null, Variables = new Dictionary<string, string>() };

    private static IEnumerable<string> Problems(string[] words)
    {
        // Words in capitals stand for what the reader knows; brackets hold what may be left out.
        string[] meant =
        [
            .. from word in words
               where !word.StartsWith('[')
               select word switch { "COMMAND" => "check", "HOST:PORT" => "localhost:9092", "N" or "R" => "7", _ => word },
        ];
        var parsed = CommandCatalog.Build(meant, Silent).Parse(meant, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.Errors.Count == 0 ? [] : UsageErrors.Of(parsed).DefaultIfEmpty("cannot be read");
    }

    private static IEnumerable<string> AllOptions(Command command) =>
        command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Concat(command.Subcommands.SelectMany(AllOptions));

    private static string? OtherProblem(string[] words)
    {
        var program = words[0];
        if (ProgramsOfOthers.Contains(program))
            return null;
        if (program is "dotnet")
            return DotnetProblem(words[1..]);
        if (program is "python3")
            return MissingFile(words[1]);
        if (program is "./test.sh" && words.Skip(1).TakeWhile(word => !word.StartsWith('-')).FirstOrDefault(word => MissingFile("tests/" + word) is not null) is { } project)
            return $"there is no folder tests/{project}";
        return program is "./test.sh" or ".ci/run" || program.StartsWith("bench/", StringComparison.Ordinal)
            ? MissingFile(program) ?? UnknownOption(program, words[1..])
            : $"a test must know what {program} takes";
    }

    private static string? UnknownOption(string script, string[] words)
    {
        var path = Path.Combine(TestEnvironment.RepositoryFolder, script);
        // A script that hands its words on to a program of its own: the options are in that program's sources.
        var sources = script.StartsWith("bench/", StringComparison.Ordinal) ? Directory.GetFiles(Path.GetDirectoryName(path)!, "*.cs") : [];
        var text = string.Join('\n', sources.Prepend(path).Select(File.ReadAllText));
        var unknown = words.FirstOrDefault(word => word.StartsWith("--", StringComparison.Ordinal) && word != "--help" && !text.Contains(word, StringComparison.Ordinal) && !text.Contains($"\"{word[2..]}\"", StringComparison.Ordinal));
        return unknown is null ? null : $"{script.TrimStart('.', '/')} knows no {unknown}";
    }

    private static string? DotnetProblem(string[] words)
    {
        var properties = words.TakeWhile(word => word != "--").Select(word => PropertyPattern().Match(word)).Where(match => match.Success).Select(match => match.Groups[1].Value);
        var project = words[0] == "run" ? words[Array.IndexOf(words, "--project") + 1] : words.ElementAtOrDefault(1) ?? ".";
        return words[0] is not ("build" or "publish" or "restore" or "run") ? $"a test must know what dotnet {words[0]} takes"
            : MissingFile(project) ?? properties.Where(name => !ProjectFiles.Value.Contains($"$({name})", StringComparison.Ordinal)).Select(name => $"no project asks for {name}").FirstOrDefault();
    }

    private static string? MissingFile(string path)
    {
        var full = Path.Combine(TestEnvironment.RepositoryFolder, path);
        return File.Exists(full) || Directory.Exists(full) ? null : $"there is no {path}";
    }

    private static void AssertNone(IEnumerable<string> findings)
    {
        var all = findings.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    [GeneratedRegex(@"^-p:(\w+)=")]
    private static partial Regex PropertyPattern();
}
