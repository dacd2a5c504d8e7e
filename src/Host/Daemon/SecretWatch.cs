using System.Security.Cryptography;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Exposition;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Daemon;

/// <summary>
/// Looks every two seconds whether a file that the configuration names (a secret, a certificate, a key) holds something else, and has the daemon go on with that.
/// By content, not by the file system's events: a mounted Kubernetes Secret changes by a link that none of the files tells of.
/// </summary>
internal sealed partial class SecretWatch : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly Action<KafkaRenewal> _renewKafka;
    private readonly Action<string> _replaceToken;
    private readonly HostMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<SecretWatch> _logger;
    private readonly Dictionary<string, SecretFile> _secrets;
    private readonly List<WatchedFile> _files;
    private readonly ConcealedTexts _concealed = new();

    // Files by why what they hold now is not in use.
    private readonly HashSet<string> _refused = [];
    private readonly HashSet<string> _noText = [];
    private readonly HashSet<string> _forRestart = [];
    private KafkaOptions _kafka;
    private bool _hasOtherFiles;

    /// <param name="options">Configuration in use.</param>
    /// <param name="renewKafka">Has the Kafka clients go on with other credentials.</param>
    /// <param name="replaceToken">Has the admin API go on with another token.</param>
    /// <param name="metrics">Receives measurements.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Receives logs.</param>
    public SecretWatch(
        AEAnomalyOptions options, Action<KafkaRenewal> renewKafka, Action<string> replaceToken, HostMetrics metrics, TimeProvider time, ILogger<SecretWatch> logger)
    {
        (_kafka, _renewKafka, _replaceToken, _metrics, _time, _logger) = (options.Kafka, renewKafka, replaceToken, metrics, time, logger);
        _secrets = options.Secrets.ToDictionary(secret => secret.Path);
        foreach (var secret in options.Secrets)
            _concealed.Add(secret.Text);
        _files = [.. options.Secrets.Select(secret => secret.File).Concat(FilesOf(options.Kafka)).Distinct().Select(file => new WatchedFile(file))];
    }

    /// <summary>Looks once; what changed is used once it was found alike twice, so that who writes in pieces, or several files that belong together, is done.</summary>
    public void Look()
    {
        var isSettled = true;
        foreach (var file in _files)
        {
            isSettled &= file.Look(out var problem);
            if (problem is not null)
                Log.NotRead(_logger, file.Path, problem);
        }

        var changed = _files.FindAll(file => file.HasChanged);
        if (changed.Count > 0 && isSettled)
        {
            Take(changed);
            changed.ForEach(file => file.Use());
        }

        _metrics.UnusedFiles(_refused.Count, _files.Count(file => file.IsMissing || _noText.Contains(file.Path)), _forRestart.Count);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_files.Count == 0)
            return;
        using var timer = new PeriodicTimer(Every, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            Look();
    }

    // Of those that librdkafka reads when a client is made; a folder of certificates is not looked into.
    private static IEnumerable<string> FilesOf(KafkaOptions kafka) => kafka.Properties
        .Where(property => property.Key.StartsWith("ssl.", StringComparison.Ordinal) || property.Key.StartsWith("sasl.", StringComparison.Ordinal) || property.Key.StartsWith("https.", StringComparison.Ordinal))
        .Select(property => property.Value)
        .Where(File.Exists);

    private void Take(List<WatchedFile> changed)
    {
        var paths = changed.ConvertAll(file => file.Path);
        var isKafka = FilesOf(_kafka).Any(paths.Contains);
        _hasOtherFiles |= isKafka;
        foreach (var secret in _secrets.Values.Where(secret => paths.Contains(secret.File)).ToList())
        {
            if (Read(secret) is { } text && text != secret.Text)
                isKafka |= Take(secret, text);
        }

        if (isKafka)
            RenewKafka(paths);
    }

    /// <returns>Whether it is one of Kafka's.</returns>
    private bool Take(SecretFile secret, string text)
    {
        _concealed.Add(text);
        _secrets[secret.Path] = secret with { Text = text };
        if (KafkaPropertyOf(secret) is not null)
            return true;
        if (secret.Path == OptionsPath.AdminToken)
        {
            _replaceToken(text);
            Log.TokenReplaced(_logger, secret.File);
        }
        else
        {
            _forRestart.Add(secret.File);
            Log.NeedsRestart(_logger, secret.Path, secret.File);
        }

        return false;
    }

    private string? Read(SecretFile secret)
    {
        try
        {
            var (text, problem) = SecretFiles.Read(secret.File);
            if (text is not null)
            {
                _noText.Remove(secret.File);
                return text;
            }

            _noText.Add(secret.File);
            Log.NotRead(_logger, secret.File, problem!);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotRead(_logger, secret.File, exception.Message);
            return null;
        }
    }

    private static string? KafkaPropertyOf(SecretFile secret)
    {
        const string Table = OptionsPath.KafkaProperties + ".";
        return secret.Path.StartsWith(Table, StringComparison.Ordinal) ? secret.Path[Table.Length..] : null;
    }

    private void RenewKafka(List<string> changed)
    {
        var files = string.Join(", ", changed);
        var properties = new Dictionary<string, string>(_kafka.Properties, StringComparer.Ordinal);
        foreach (var secret in _secrets.Values)
        {
            if (KafkaPropertyOf(secret) is { } name)
                properties[name] = secret.Text;
        }

        var renewal = KafkaRenewal.Between(_kafka, properties, _hasOtherFiles);
        if (renewal.Problem() is { } problem)
        {
            _refused.UnionWith(changed);
            Log.Refused(_logger, files, _concealed.Hide(problem));
            return;
        }

        _refused.Clear();
        (_kafka, _hasOtherFiles) = (renewal.Options, false);
        Log.Taken(_logger, files);
        _renewKafka(renewal);
    }

    private static partial class Log
    {
        [LoggerMessage(4020, LogLevel.Information, "{Files}: changed, and used from now on to reach Kafka")]
        public static partial void Taken(ILogger logger, string files);

        [LoggerMessage(4021, LogLevel.Information, "{File}: changed; the admin API takes the new token from now on, and the former no longer")]
        public static partial void TokenReplaced(ILogger logger, string file);

        [LoggerMessage(4022, LogLevel.Error, "{Files}: changed, but no Kafka client can be made with it: {Problem} What it held before stays in use; correct it")]
        public static partial void Refused(ILogger logger, string files, string problem);

        [LoggerMessage(4023, LogLevel.Warning, "{Path}: its file {File} changed; this one is read at start only: restart the process to use it")]
        public static partial void NeedsRestart(ILogger logger, string path, string file);

        [LoggerMessage(4024, LogLevel.Warning, "{File}: cannot be used ({Problem}); what it held before stays in use")]
        public static partial void NotRead(ILogger logger, string file, string problem);
    }

    /// <summary>A file by the digest of its content: keys of certificates are not kept here.</summary>
    private sealed class WatchedFile
    {
        private string? _inUse;
        private string? _seen;

        public WatchedFile(string path)
        {
            Path = path;
            _inUse = _seen = Digest(out _);
        }

        public string Path { get; }

        /// <summary>Gets whether it holds something else than what is in use.</summary>
        public bool HasChanged => _seen is not null && _seen != _inUse;

        /// <summary>Gets whether it is gone or empty.</summary>
        public bool IsMissing { get; private set; }

        /// <summary>Looks at the content.</summary>
        /// <param name="problem">Why it cannot be had, the first time.</param>
        /// <returns>Whether it is as the last time.</returns>
        public bool Look(out string? problem)
        {
            var digest = Digest(out problem);
            var isAlike = digest == _seen;
            if (IsMissing)
                problem = null;
            IsMissing = digest is null;
            _seen = digest;
            return isAlike;
        }

        public void Use() => _inUse = _seen;

        private string? Digest(out string? problem)
        {
            problem = null;
            try
            {
                var content = File.ReadAllBytes(Path);
                if (content.Length > 0)
                    return Convert.ToHexString(SHA256.HashData(content));
                // Who truncates and then writes is not done yet.
                problem = "it is empty";
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                problem = exception.Message;
            }

            return null;
        }
    }
}
