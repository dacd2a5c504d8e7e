using System.Globalization;
using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Host.Commands.Records;

/// <summary>Writes CSV with a header (RFC 4180): the fields by their paths, around them the findings; rows that could not be read have no line.</summary>
internal sealed class CsvRecordLines : RecordLines
{
    private static readonly char[] Quoted = [',', '"', '\r', '\n'];

    private readonly TextWriter _output;
    private readonly int[] _fields;
    private readonly Dictionary<string, int> _findings = new(StringComparer.Ordinal);
    private readonly string[] _header;
    private readonly string?[] _cells;
    private readonly int _firstField;

    /// <param name="output">Where lines go.</param>
    /// <param name="spec">Declared fields.</param>
    /// <param name="fields">Fields to write, by index.</param>
    /// <param name="before">Findings that stand before the fields.</param>
    /// <param name="after">Findings that stand after them.</param>
    public CsvRecordLines(TextWriter output, FeatureSpec spec, IReadOnlyList<int> fields, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        _output = output;
        _fields = [.. fields];
        _firstField = before.Count;
        string[] paths = [.. fields.Select(field => spec.Fields[field].EffectivePath)];
        foreach (var name in before)
            _findings.Add(name, _findings.Count);
        foreach (var name in after)
            _findings.Add(name, paths.Length + _findings.Count);
        _header = [.. before.Select(Unused), .. paths, .. after.Select(Unused)];
        _cells = [.. _header];
        WriteLine();

        // A field that is called like a finding keeps its name.
        string Unused(string name) => paths.Contains(name) ? Unused(name + "_") : name;
    }

    public override void Dispose()
    {
    }

    public override void Begin() => Array.Clear(_cells);

    public override void Number(string name, double value) => _cells[_findings[name]] = value == Math.Floor(value) && Math.Abs(value) < 1e15
        ? ((long)value).ToString(CultureInfo.InvariantCulture)
        : (double.IsFinite(value) ? (float)value : float.MaxValue).ToString(CultureInfo.InvariantCulture);

    public override void Text(string name, string value) => _cells[_findings[name]] = value;

    public override void Texts(string name, IReadOnlyList<string> values) => _cells[_findings[name]] = string.Join(';', values);

    public override void Vector(string name, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            _cells[_findings[VectorColumn(name, i)]] = values[i].ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Names the column of a value of a vector: latent_1 is the first.</summary>
    public static string VectorColumn(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}_{index + 1}");

    public override void Record(RecordBatch batch, int row)
    {
        for (var i = 0; i < _fields.Length; i++)
            _cells[_firstField + i] = Cell(batch, _fields[i], row);
    }

    public override void End() => WriteLine();

    public override void Error(in RowError error)
    {
    }

    private void WriteLine() =>
        _output.WriteLine(string.Join(',', _cells.Select(cell => cell is null ? "" : cell.IndexOfAny(Quoted) < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
}
