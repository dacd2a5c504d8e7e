using System.Text.Json;
using System.Text.Json.Serialization;

namespace AEAnomaly.Bench.Quality;

/// <summary>Keeps runs in a file, one JSON object a line, each written as soon as it is there: what was measured survives an interruption.</summary>
internal sealed class RunStore
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly string _file;
    private readonly Lock _lock = new();
    private readonly Dictionary<RunName, Run> _runs = [];

    /// <summary>Opens a store, without the runs of other sources.</summary>
    public RunStore(string file, string sources)
    {
        _file = file;
        if (!File.Exists(file))
            return;
        foreach (var line in File.ReadLines(file))
        {
            if (JsonSerializer.Deserialize<Run>(line, Format) is not { } run)
                continue;
            if (run.Sources == sources)
                _runs[run.Name] = run;
            else
                Outdated++;
        }
    }

    /// <summary>Gets how many runs were left out because other sources gave them.</summary>
    public int Outdated { get; }

    public bool Has(RunName name) => _runs.ContainsKey(name);

    public void Add(Run run)
    {
        lock (_lock)
        {
            _runs[run.Name] = run;
            File.AppendAllText(_file, JsonSerializer.Serialize(run, Format) + "\n");
        }
    }

    /// <summary>Writes the file anew: the runs of these sources alone, in an order of their own.</summary>
    public IReadOnlyList<Run> Settle()
    {
        var runs = _runs.Values.OrderBy(r => r.Name.Candidate, StringComparer.Ordinal).ThenBy(r => r.Name.Set, StringComparer.Ordinal)
            .ThenBy(r => r.Name.Seed).ThenBy(r => r.Name.Contaminated).ToList();
        var unfinished = _file + ".new";
        File.WriteAllLines(unfinished, runs.Select(r => JsonSerializer.Serialize(r, Format)));
        File.Move(unfinished, _file, overwrite: true);
        return runs;
    }
}
