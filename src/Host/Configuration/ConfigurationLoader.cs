namespace AEAnomaly.Host.Configuration;

/// <summary>Reads a configuration: file, environment variables over it, secrets into it, types, ranges, and what must fit together.</summary>
internal static class ConfigurationLoader
{
    /// <summary>Loads a configuration; touches nothing but the files it reads.</summary>
    /// <param name="file">YAML file, or "-" for <paramref name="standardInput"/>.</param>
    /// <param name="variables">Environment of the process.</param>
    /// <param name="standardInput">Read when the file is "-".</param>
    /// <param name="warn">Receives what can be read and is probably not meant, or null.</param>
    /// <param name="rules">Further rules, or null.</param>
    /// <exception cref="ConfigurationException">Something is wrong; holds every error.</exception>
    public static AEAnomalyOptions Load(
        string file,
        IReadOnlyDictionary<string, string> variables,
        Stream? standardInput = null,
        Action<ConfigurationError>? warn = null,
        Action<AEAnomalyOptions, ConfigurationErrors>? rules = null)
    {
        var name = file == "-" ? "standard input" : file;
        var errors = new ConfigurationErrors(name);
        if (ReadFile(file, name, standardInput ?? Stream.Null, errors) is not { } yaml)
            throw new ConfigurationException(errors.Sorted);
        var folder = file == "-" ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(Path.GetFullPath(file))!;
        return LoadText(yaml, name, folder, variables, errors, warn, rules);
    }

    /// <summary>Loads a configuration from its text; relative paths of secrets start from the working directory.</summary>
    /// <param name="yaml">Text of the file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="variables">Environment of the process.</param>
    /// <exception cref="ConfigurationException">Something is wrong; holds every error.</exception>
    public static AEAnomalyOptions LoadText(string yaml, string name, IReadOnlyDictionary<string, string> variables) =>
        LoadText(yaml, name, Directory.GetCurrentDirectory(), variables, new ConfigurationErrors(name), null, null);

    private static AEAnomalyOptions LoadText(
        string yaml,
        string name,
        string folder,
        IReadOnlyDictionary<string, string> variables,
        ConfigurationErrors errors,
        Action<ConfigurationError>? warn,
        Action<AEAnomalyOptions, ConfigurationErrors>? rules)
    {
        var root = YamlTreeReader.Read(yaml, name, errors) ?? throw new ConfigurationException(errors.Sorted);
        IReadOnlyList<PolymorphicSection> polymorphic = [PolymorphicSection.Model];
        EnvironmentOverrides.Apply(root, variables, errors);
        OverlookedVariables.Report(name, variables, new MeantVariable(polymorphic), errors);
        var secrets = SecretFiles.Expand(root, folder, errors);
        errors.Conceal(root);
        UnreplacedText.Report(root, errors);
        var options = new OptionsBinder(errors, polymorphic).Bind<AEAnomalyOptions>(root);
        options.Secrets = secrets;
        ConfigurationRules.Check(options, errors);
        rules?.Invoke(options, errors);
        foreach (var warning in errors.Warnings)
            warn?.Invoke(warning);
        return errors.Count == 0 ? options : throw new ConfigurationException(errors.Sorted);
    }

    private static string? ReadFile(string file, string name, Stream standardInput, ConfigurationErrors errors)
    {
        try
        {
            var (text, line, problem) = StrictText.Decode(file == "-" ? ReadAll(standardInput) : File.ReadAllBytes(file));
            if (text is null)
                errors.Add(new ConfigurationOrigin(name, line), "", problem + ".");
            return text;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            var reason = problem is FileNotFoundException or DirectoryNotFoundException
                ? "the file does not exist; 'aeanomaly init --data FILE' writes one"
                : Directory.Exists(file) ? "is a folder, not a file" : problem.Message.TrimEnd('.');
            errors.Add(new ConfigurationOrigin(name, 0), "", reason + ".");
            return null;
        }
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }
}
