using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Values;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Detection.Features;

/// <summary>Encodes a text as one-hot: one feature for each frequent value, then "rare", then "unseen".</summary>
/// <remarks>
/// <para>"Rare" (seen in training, but too seldom to be learned by itself) exists when training had such values. "Unseen" (never occurred in
/// training) is 0 in every training record,
/// so the network learns to give it next to no probability and a new value costs a large cross-entropy.</para>
/// <para>A field whose values keep being new even in normal operation has an <em>open</em> vocabulary: there "unseen" is no evidence, so it has no
/// such feature, and every value outside
/// the frequent ones, new or not, is "rare" and not flagged as unseen.</para>
/// </remarks>
internal sealed class CategoryTransform : FieldTransform
{
    public const string Name = "category";

    private readonly string[] _frequent;
    private readonly string[] _rare;
    private readonly bool _isOpen;
    private readonly FrozenDictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _features;
    private readonly int _rareFeature;
    private readonly int _unseenFeature;

    /// <param name="frequent">Values with a feature of their own, most frequent first.</param>
    /// <param name="rare">Values known to share the feature "rare"; empty for an open vocabulary.</param>
    /// <param name="isOpen">Whether new values are ordinary.</param>
    public CategoryTransform(string[] frequent, string[] rare, bool isOpen)
    {
        _frequent = frequent;
        _rare = rare;
        _isOpen = isOpen;
        var next = frequent.Length;
        _rareFeature = isOpen || rare.Length > 0 ? next++ : -1;
        _unseenFeature = isOpen ? -1 : next++;
        Width = next;

        var features = new Dictionary<byte[], int>(frequent.Length + rare.Length, Utf8Comparer.Instance);
        // In the form that records have them in: a model of the past may have learned 5411.0, beside 5411 even.
        for (var i = 0; i < frequent.Length; i++)
            features.TryAdd(CategoryText.Of(Encoding.UTF8.GetBytes(frequent[i])).ToArray(), i);
        foreach (var value in rare)
            features.TryAdd(CategoryText.Of(Encoding.UTF8.GetBytes(value)).ToArray(), _rareFeature);
        _features = features.ToFrozenDictionary(Utf8Comparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public override BlockKind BlockKind => BlockKind.Category;

    public override int Width { get; }

    public override IReadOnlyList<string> FeatureNames
    {
        get
        {
            List<string> names = [.. _frequent.Select(value => $"is {value}")];
            if (_rareFeature >= 0)
                names.Add("rare");
            if (_unseenFeature >= 0)
                names.Add("unseen");
            return names;
        }
    }

    public override bool IsConstant => !_isOpen && _frequent.Length + _rare.Length == 1;

    public static CategoryTransform Restore(ParameterReader parameters)
    {
        var frequent = parameters.Texts("frequent");
        var rare = parameters.Texts("rare");
        var isOpen = parameters.Boolean("open");
        if (frequent.Length + rare.Length == 0)
            throw parameters.Damaged("it names no category");
        if (isOpen && (rare.Length > 0 || frequent.Length == 0))
            throw parameters.Damaged("an open vocabulary lists frequent values and no rare ones");
        if (frequent.Concat(rare).GroupBy(value => value, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
            throw parameters.Damaged($"category '{twice.Key}' is listed twice");

        return new CategoryTransform(frequent, rare, isOpen);
    }

    public override bool Encode(RecordBatch batch, int field, int first, int count, in BlockTarget target)
    {
        var anyMissing = false;
        for (var row = 0; row < count; row++)
        {
            if (batch.IsMissing(field, first + row))
            {
                target.MarkMissing(row);
                anyMissing = true;
            }
            else if (_features.TryGetValue(batch.Text(field, first + row), out var feature))
            {
                target[row, feature] = 1;
            }
            else if (_isOpen)
            {
                target[row, _rareFeature] = 1;
            }
            else
            {
                target[row, _unseenFeature] = 1;
                target.MarkUnseen(row);
            }
        }

        return anyMissing;
    }

    public override ExpectedValue Expect(ReadOnlySpan<float> expected)
    {
        var likeliest = 0;
        for (var i = 1; i < expected.Length; i++)
        {
            if (expected[i] > expected[likeliest])
                likeliest = i;
        }

        var text = likeliest < _frequent.Length ? _frequent[likeliest]
            : likeliest == _rareFeature ? "a rare value"
            : "a value never seen before";
        return new ExpectedValue(double.NaN, text, Math.Clamp((double)expected[likeliest], 0, 1));
    }

    public override void Decode(ReadOnlySpan<float> expected, RecordBatch target, int field, int row)
    {
        // What is rare is never the most probable single value while there is a frequent one; what is unseen is no value at all.
        var likeliest = 0;
        for (var i = 1; i < _frequent.Length; i++)
        {
            if (expected[i] > expected[likeliest])
                likeliest = i;
        }

        target.SetText(field, row, Encoding.UTF8.GetBytes(_frequent.Length > 0 ? _frequent[likeliest] : _rare[0]));
    }

    public override bool CanDraw(int feature) => feature < _frequent.Length || (feature == _rareFeature && !_isOpen);

    public override void Draw(ReadOnlySpan<float> drawn, Random random, RecordBatch target, int field, int row)
    {
        // How often each rare value occurred is not kept; by definition none of them did often.
        if (_rare.Length > 0 && drawn[_rareFeature] > 0)
            target.SetText(field, row, Encoding.UTF8.GetBytes(_rare[random.Next(_rare.Length)]));
        else
            Decode(drawn, target, field, row);
    }

    public override void Describe(Utf8JsonWriter writer)
    {
        writer.WriteString("transform", Name);
        WriteTexts(writer, "frequent", _frequent);
        WriteTexts(writer, "rare", _rare);
        writer.WriteBoolean("open", _isOpen);
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, string[] texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
