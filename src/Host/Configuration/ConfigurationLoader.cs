namespace AEAnomaly.Host.Configuration;

/// <summary>Reads a configuration: file, environment variables over it, secrets into it, types, ranges, and what must fit together.</summary>
internal static class ConfigurationLoader
{
    /// <summary>Loads a configuration; touches nothing but the files it reads.</summary>
    /// <param name="file">YAML file, or "-" for <paramref name="standardInput"/>.</param>
    /// <param name="variables">Environment of the process.</param>
    /// <param name="standardInput">Read when the file is "-".</param>
    /// <param name="nameOfInput">What messages call it then.</param>
    /// <exception cref="ConfigurationException">Something is wrong; holds every error.</exception>
    public static AEAnomalyOptions Load(string file, IReadOnlyDictionary<string, string> variables, TextReader? standardInput = null, string nameOfInput = "standard input")
    {
        var name = file == "-" ? nameOfInput : file;
        var errors = new ConfigurationErrors(name);
        var root = ReadFile(file, name, standardInput, errors);
        if (root is null)
            throw new ConfigurationException(errors.Sorted);

        var folder = file == "-" ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(Path.GetFullPath(file))!;
        EnvironmentOverrides.Apply(root, variables, errors);
        SecretFiles.Expand(root, folder, errors);
        var options = new OptionsBinder(errors, [PolymorphicSection.Model]).Bind<AEAnomalyOptions>(root);
        ConfigurationRules.Check(options, errors);
        return errors.Count == 0 ? options : throw new ConfigurationException(errors.Sorted);
    }

    private static MappingNode? ReadFile(string file, string name, TextReader? standardInput, ConfigurationErrors errors)
    {
        try
        {
            if (file == "-")
                return YamlTreeReader.Read(standardInput ?? TextReader.Null, name, errors);
            using var text = new StreamReader(file);
            return YamlTreeReader.Read(text, name, errors);
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
}
