using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Bench.Quality;

/// <summary>Holds a table as a network reads it: encoded by what was fitted to its training rows, with the fields that <c>init</c> would propose.</summary>
internal sealed class LabelledTable
{
    private const int SampleRows = 10_000;

    private LabelledTable(FeatureEncoder encoder, EncodedRows training, EncodedRows test, bool[] isAnomaly)
    {
        (Encoder, Training, Test, IsAnomaly) = (encoder, training, test, isAnomaly);
    }

    /// <summary>Gets the encoder.</summary>
    public FeatureEncoder Encoder { get; }

    /// <summary>Gets the rows to train on.</summary>
    public EncodedRows Training { get; }

    /// <summary>Gets the rows to test on.</summary>
    public EncodedRows Test { get; }

    /// <summary>Gets for each row of the test whether it is an anomaly.</summary>
    public bool[] IsAnomaly { get; }

    /// <summary>Reads a table.</summary>
    /// <param name="file">Compressed CSV without quotes.</param>
    /// <param name="label">Column of the label, 0 where normal; left out of the features. Null where all rows are normal.</param>
    /// <param name="dropped">Columns that are no features.</param>
    /// <param name="isTraining">Tells of each row, by its number and cells by column, whether it is trained on.</param>
    public static LabelledTable Read(string file, string? label, IReadOnlyCollection<string> dropped, Func<int, Dictionary<string, string>, bool> isTraining)
    {
        var lines = GzipLines.Read(file).ToList();
        var header = lines[0].Split(',');
        var rows = lines.Skip(1).Select(line => line.Split(',')).ToList();
        var columns = header.Select((name, column) => new SampleColumn(name, [.. rows.Take(SampleRows).Select(row => Classify(row[column]))])).ToList();
        var spec = new FeatureSpec(FieldProposer.Propose(columns, label).Select(proposal =>
            dropped.Contains(proposal.Field.Name) ? new FieldSpec { Name = proposal.Field.Name, Kind = FieldKind.Ignore } : proposal.Field));
        var (training, test, anomalies) = (new RecordBatch(spec, rows.Count), new RecordBatch(spec, rows.Count), new List<bool>());
        for (var row = 0; row < rows.Count; row++)
        {
            var cells = header.Zip(rows[row]).ToDictionary(pair => pair.First, pair => pair.Second);
            var isTrained = isTraining(row, cells);
            Fill(spec, isTrained ? training : test, cells, row);
            if (!isTrained)
                anomalies.Add(label is not null && double.Parse(cells[label], CultureInfo.InvariantCulture) != 0);
        }

        var encoder = FeatureEncoder.Fit(spec, training);
        return new LabelledTable(encoder, Encode(encoder, training), Encode(encoder, test), [.. anomalies]);
    }

    private static EncodedRows Encode(FeatureEncoder encoder, RecordBatch batch)
    {
        var encoded = new EncodedRows();
        encoder.Encode(batch, 0, batch.Count, encoded);
        return encoded;
    }

    private static void Fill(FeatureSpec spec, RecordBatch batch, Dictionary<string, string> cells, int line)
    {
        var row = batch.Append(new RecordOrigin("", 0, line, default));
        for (var field = 0; field < spec.Fields.Count; field++)
        {
            var (kind, cell) = (spec.Fields[field].Kind, cells[spec.Fields[field].Name]);
            if (cell.Length == 0 || !FeatureSpec.IsFeature(kind))
                continue;
            if (FeatureSpec.IsNumber(kind))
                batch.SetNumber(field, row, Number(kind, cell));
            else
                batch.SetText(field, row, Encoding.UTF8.GetBytes(cell));
        }
    }

    private static double Number(FieldKind kind, string cell) => kind switch
    {
        FieldKind.Timestamp => (DateTimeOffset.Parse(cell, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).TotalSeconds,
        FieldKind.Boolean when bool.TryParse(cell, out var truth) => truth ? 1 : 0,
        _ => double.Parse(cell, CultureInfo.InvariantCulture),
    };

    private static SampleValue Classify(string cell) =>
        cell.Length == 0 ? new SampleValue(SampleValueKind.Missing, "")
        : double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? new SampleValue(SampleValueKind.Number, cell)
        : bool.TryParse(cell, out _) ? new SampleValue(SampleValueKind.Boolean, cell)
        : new SampleValue(SampleValueKind.Text, cell);
}
