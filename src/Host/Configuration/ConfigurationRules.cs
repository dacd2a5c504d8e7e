using System.Buffers;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Training;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Host.Configuration;

/// <summary>Checks what no single key can tell: names used twice, topics read and written, fields that do not make a detector.</summary>
internal static class ConfigurationRules
{
    private const int MaxTopicLength = 249;
    private const int MaxLayerWidth = 65_536;
    private static readonly SearchValues<char> TopicLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static void Check(AEAnomalyOptions options, ConfigurationErrors errors)
    {
        ListenRule.Check(options.Http.Listen, errors);
        OtlpRule.Check(options.Otlp.Endpoint, errors);
        FolderRule.Check(options.Models.Directory, "models.directory", errors);
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < options.Detectors.Count; i++)
        {
            if (options.Detectors[i] is not { } detector)
                continue;
            var path = $"detectors[{i}]";
            if (detector.Name.Length > 0 && !names.TryAdd(detector.Name, i))
                errors.Add($"{path}.name", $"found '{detector.Name}', which detectors[{names[detector.Name]}] has already; names must differ.");
            CheckFields(detector, path, errors);
            CheckHistory(detector, path, errors);
            CheckTraining(detector.Training, path, errors);
            CheckModel(detector, path, errors);
            CheckTopics(detector, path, errors);
        }

        CheckLoops(options.Detectors, errors);
    }

    private static void CheckFields(DetectorOptions detector, string path, ConfigurationErrors errors)
    {
        if (detector.Fields.Count == 0)
            return;

        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var label = -1;
        for (var i = 0; i < detector.Fields.Count; i++)
        {
            if (detector.Fields[i] is not { } field)
                continue;
            var fieldPath = $"{path}.fields[{i}]";
            if (field.Name.Length > 0 && !names.TryAdd(field.Name, i))
                errors.Add($"{fieldPath}.name", $"found '{field.Name}', which fields[{names[field.Name]}] has already; names must differ.");
            foreach (var (key, problem) in field.Problems())
            {
                // What the key must go with is not known while the kind is wrong itself.
                if (!errors.Concerns($"{fieldPath}.{key}") && !errors.Concerns($"{fieldPath}.kind"))
                    errors.Add($"{fieldPath}.{key}", problem);
            }

            FieldPathRule.Check(field, fieldPath, errors);
            if (field.Kind != FieldKind.Label)
                continue;
            if (label >= 0)
                errors.Add($"{fieldPath}.kind", $"found a second label; fields[{label}] ('{detector.Fields[label].Name}') is the label already. Give this one another kind, say ignore.");
            else
                label = i;
        }

        if (!errors.Concerns($"{path}.fields") && !detector.Fields.Any(f => FeatureSpec.IsFeature(f.Kind)))
            errors.Add($"{path}.fields", "no field is a feature; declare at least one of kind numeric, categorical, boolean or timestamp.");
    }

    private static void CheckHistory(DetectorOptions detector, string path, ConfigurationErrors errors)
    {
        if (detector.History is null)
            return;
        if (detector.History.Directory is { } directory)
            FolderRule.Check(directory, $"{path}.history.directory", errors);
        // Which fields there are is not known while they are wrong themselves.
        if (errors.Concerns($"{path}.fields"))
            return;
        foreach (var (key, problem) in HistoryDeclaration.Problems(detector.History, detector.Fields))
        {
            if (!errors.Concerns($"{path}.history.{key}"))
                errors.Add($"{path}.history.{key}", problem);
        }
    }

    private static void CheckTraining(RetrainingOptions training, string path, ConfigurationErrors errors)
    {
        if (!errors.Concerns($"{path}.training") && training.MinRecords > training.MaxRecords)
        {
            errors.Add(
                $"{path}.training.min_records",
                $"found {training.MinRecords}, more than max_records ({training.MaxRecords}); the window could never hold enough. Lower it, or raise max_records.");
        }
    }

    private static void CheckModel(DetectorOptions detector, string path, ConfigurationErrors errors)
    {
        if (detector.Model is null)
            return;
        CheckOptions(detector.Model, $"{path}.model", errors);

        // Which fields there are is not known while they are wrong themselves; what could not be read kept its default.
        if (errors.Concerns($"{path}.fields"))
            return;
        foreach (var (key, problem) in VariantFields.Problems(detector.Model, detector.Fields))
        {
            if (!errors.Concerns($"{path}.model.{key}"))
                errors.Add($"{path}.model.{key}", problem);
        }
    }

    private static void CheckOptions(VariantOptions model, string path, ConfigurationErrors errors)
    {
        for (var i = 0; i < model.Hidden.Count; i++)
        {
            if (model.Hidden[i] is < 1 or > MaxLayerWidth)
                errors.Add($"{path}.hidden[{i}]", $"found {model.Hidden[i]}; expected a whole number from 1 to {MaxLayerWidth}.");
        }

        foreach (var (index, problem) in VariantCatalog.ScoreProblems(model))
            errors.Add($"{path}.scores[{index}]", problem);
        for (var i = 0; model is EnsembleOptions ensemble && i < ensemble.Members.Count; i++)
            CheckOptions(ensemble.Members[i], $"{path}.members[{i}]", errors);
    }

    private static void CheckTopics(DetectorOptions detector, string path, ConfigurationErrors errors)
    {
        for (var i = 0; i < detector.Topics.Count; i++)
        {
            CheckTopic(detector.Topics[i], $"{path}.topics[{i}]", errors);
            if (detector.Topics.IndexOf(detector.Topics[i]) is var first && first < i)
                errors.Add($"{path}.topics[{i}]", $"found '{detector.Topics[i]}' a second time; remove it.");
        }

        CheckTopic(detector.Alerts.Topic, $"{path}.alerts.topic", errors);
        CheckTopic(detector.DeadLetterTopic, $"{path}.dead_letter_topic", errors);
        if (detector.Name.Length > 0 && detector.AlertTopicName == detector.DeadLetterTopicName)
        {
            errors.Add(
                detector.DeadLetterTopic is null ? $"{path}.alerts.topic" : $"{path}.dead_letter_topic",
                $"found '{detector.AlertTopicName}' for alerts and for dead letters; use two topics.");
        }

        if (detector.History?.Repartition is { } copies)
            CheckCopies(detector, copies, $"{path}.history.repartition", errors);
        CheckTopic(detector.ScoresTopic, $"{path}.scores_topic", errors);
        if (detector.Name.Length > 0 && detector.ScoresTopic is { } scores && (scores == detector.AlertTopicName || scores == detector.DeadLetterTopicName))
            errors.Add($"{path}.scores_topic", $"found '{scores}' for scores and for {(scores == detector.AlertTopicName ? "alerts" : "dead letters")}; use two topics.");
    }

    private static void CheckCopies(DetectorOptions detector, string topic, string path, ConfigurationErrors errors)
    {
        CheckTopic(topic, path, errors);
        var other = detector.Name.Length == 0 ? null
            : topic == detector.AlertTopicName ? "alerts"
            : topic == detector.DeadLetterTopicName ? "dead letters"
            : topic == detector.ScoresTopic ? "scores"
            : null;
        if (other is not null)
            errors.Add(path, $"found '{topic}', which takes the {other}; write records on to a topic of their own.");
    }

    private static void CheckTopic(string? topic, string path, ConfigurationErrors errors)
    {
        if (topic is not null && !errors.Concerns(path)
            && (topic.Length is 0 or > MaxTopicLength || topic is "." or ".." || topic.AsSpan().ContainsAnyExcept(TopicLetters)))
        {
            errors.Add(path, $"found '{topic}'; expected a topic name: 1 to {MaxTopicLength} letters, digits, '.', '_' and '-'.");
        }
    }

    // A detector that reads what one of them writes would judge its own alerts, for ever.
    private static void CheckLoops(IList<DetectorOptions> detectors, ConfigurationErrors errors)
    {
        var readBy = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < detectors.Count; i++)
        {
            for (var j = 0; j < (detectors[i]?.Topics.Count ?? 0); j++)
                readBy.TryAdd(detectors[i].Topics[j], $"detectors[{i}].topics[{j}]");
        }

        var copiedBy = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < detectors.Count; i++)
        {
            if (detectors[i]?.History?.Repartition is not { } copies)
                continue;
            var path = $"detectors[{i}].history.repartition";
            if (readBy.TryGetValue(copies, out var copyReader))
                errors.Add(path, $"found '{copies}', which {copyReader} reads; records must be written on to a topic that no detector has among its topics.");
            else if (!copiedBy.TryAdd(copies, path))
                errors.Add(path, $"found '{copies}', which {copiedBy[copies]} has already; each detector needs a topic of its own.");
        }

        for (var i = 0; i < detectors.Count; i++)
        {
            if (detectors[i] is not { Name.Length: > 0 } detector)
                continue;
            if (readBy.TryGetValue(detector.AlertTopicName, out var alertReader))
                errors.Add($"detectors[{i}].alerts.topic", $"found '{detector.AlertTopicName}', which {alertReader} reads; alerts must go to a topic that no detector reads.");
            if (readBy.TryGetValue(detector.DeadLetterTopicName, out var deadLetterReader))
                errors.Add($"detectors[{i}].dead_letter_topic", $"found '{detector.DeadLetterTopicName}', which {deadLetterReader} reads; dead letters must go to a topic that no detector reads.");
            if (detector.ScoresTopic is { } scores && readBy.TryGetValue(scores, out var scoresReader))
                errors.Add($"detectors[{i}].scores_topic", $"found '{scores}', which {scoresReader} reads; scores must go to a topic that no detector reads.");
        }
    }
}
