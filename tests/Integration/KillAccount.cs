using System.Globalization;
using System.Text.Json.Nodes;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>Holds what a daemon that was killed again and again published against what was written.</summary>
internal sealed class KillAccount
{
    private const string ResultVariable = "AEANOMALY_TEST_KILLS_RESULT";

    private readonly IReadOnlyList<(int Partition, long Offset)> _written;
    private readonly List<JsonNode> _judged;
    private readonly IReadOnlyList<TopicRecord> _dead;
    private readonly List<JsonObject> _alerts;

    private KillAccount(KillScene scene)
    {
        _written = scene.Written();
        _judged = [.. scene.Read(scene.Scores).Select(record => JsonNode.Parse(record.Value)!)];
        _dead = scene.Read(scene.DeadLetters);
        _alerts = [.. scene.Read(scene.Alerts).Select(record => JsonNode.Parse(record.Value)!.AsObject())];
    }

    /// <summary>Reads all of it, with read_committed.</summary>
    public static KillAccount Of(KillScene scene) => new(scene);

    /// <summary>Asserts what a guarantee promises, and notes the figures.</summary>
    /// <param name="delivery">The guarantee.</param>
    /// <param name="disturbances">How often what was killed, for the figures.</param>
    public void AssertHolds(string delivery, string disturbances)
    {
        Assert.Equal(_written, _judged.Select(Place).Concat(_dead.Select(Place)).Distinct().Order());
        Assert.Empty(_judged.GroupBy(Place).Where(same => same.Select(score => score.ToJsonString()).Distinct().Count() > 1).Select(same => same.Key));
        Assert.Equal(
            _judged.Where(score => (string)score["verdict"]! == "anomaly").Select(Place).Distinct().Order(), Anomalies.Select(alert => Place(alert["evidence"]!)).Distinct().Order());
        AssertRepeatsAreTheSame();
        AssertEveryEpisodeOpens();
        if (delivery == "exactly_once")
        {
            Assert.Equal(_written.Count, _judged.Count + _dead.Count);
            Assert.Equal(_alerts.Count, _alerts.DistinctBy(alert => (string)alert["id"]!).Count());
        }
        else
        {
            // It was killed in the middle of its work, and not only between two batches.
            Assert.True(_judged.Count + _dead.Count > _written.Count, "no record was judged twice: no kill came between publishing and committing");
        }

        var alerts = _alerts.DistinctBy(alert => (string)alert["id"]!).Count();
        Note(
            delivery, disturbances, _written.Count, _judged.Select(Place).Distinct().Count(), _dead.Select(Place).Distinct().Count(), _judged.Count + _dead.Count - _written.Count,
            alerts, _alerts.Count - alerts);
    }

    /// <summary>Appends a row of figures to the file of AEANOMALY_TEST_KILLS_RESULT.</summary>
    public static void Note(string delivery, string disturbances, params IEnumerable<int> figures)
    {
        if (Environment.GetEnvironmentVariable(ResultVariable) is { Length: > 0 } file)
            File.AppendAllLines(file, [$"| {delivery} | {disturbances} | {string.Join(" | ", figures.Select(figure => figure.ToString("N0", CultureInfo.InvariantCulture)))} |"]);
    }

    private IEnumerable<JsonObject> Anomalies => _alerts.Where(alert => (string)alert["action"]! != "close");

    private void AssertRepeatsAreTheSame()
    {
        foreach (var same in _alerts.GroupBy(alert => (string)alert["id"]!))
        {
            var bodies = same.Select(alert =>
            {
                var copy = alert.DeepClone().AsObject();
                copy.Remove("scored_time");
                return copy.ToJsonString();
            }).Distinct().ToList();
            Assert.True(bodies.Count == 1 || (string)same.First()["action"]! == "close", string.Join('\n', bodies));
        }

        Assert.Empty(Anomalies.GroupBy(alert => Place(alert["evidence"]!)).Where(same => same.Select(alert => (string)alert["id"]!).Distinct().Count() > 1).Select(same => same.Key));
    }

    // As a reader sees it that drops the ids it knows.
    private void AssertEveryEpisodeOpens()
    {
        foreach (var episode in Anomalies.DistinctBy(alert => (string)alert["id"]!).GroupBy(alert => (string)alert["episode"]!["id"]!))
        {
            Assert.Equal("open", (string)episode.First()["action"]!);
            Assert.Equal(Enumerable.Range(1, episode.Count()), episode.Select(alert => (int)alert["episode"]!["sequence"]!).Order());
        }
    }

    /// <summary>Gets where the record lies that a score or the evidence of an alert is of.</summary>
    public static (int Partition, long Offset) Place(JsonNode of) => ((int)of["partition"]!, (long)of["offset"]!);

    private static (int Partition, long Offset) Place(TopicRecord letter) =>
        (int.Parse(letter.Header("aeanomaly.partition")!, CultureInfo.InvariantCulture), long.Parse(letter.Header("aeanomaly.offset")!, CultureInfo.InvariantCulture));
}
