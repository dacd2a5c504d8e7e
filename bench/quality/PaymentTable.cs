using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Bench.Quality;

/// <summary>Holds a set of card payments as a detector sees it: with the fields, and the history or none, that <c>init</c> proposes from its first rows.</summary>
/// <param name="Set">Data set.</param>
/// <param name="HasHistory">Whether what a key did before is among the features.</param>
/// <param name="Detector">Options, the variant left open.</param>
/// <param name="Training">Rows trained on, frauds among them.</param>
/// <param name="Test">Rows judged.</param>
/// <param name="IsFraud">For each row judged, whether it is a fraud.</param>
internal sealed record PaymentTable(PaymentSet Set, bool HasHistory, DetectorOptions Detector, RecordBatch Training, RecordBatch Test, bool[] IsFraud)
{
    private const int SampleRows = 10_000;

    /// <summary>Gets the name of the features, for results.</summary>
    public string Features => HasHistory ? "history" : "record";

    /// <summary>Reads a set without history and with.</summary>
    public static IEnumerable<PaymentTable> ReadBoth(PaymentSet set)
    {
        yield return Read(set, hasHistory: false);
        yield return Read(set, hasHistory: true);
    }

    /// <summary>Writes the rows as a network gets them: NAME.x.npy, those trained on first, and NAME.y.npy with 0 for a normal row that is judged, 1 for a fraud, 2 for a row that is trained on.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var encoder = FeatureEncoder.Fit(Training.Spec, Training);
        var (training, test) = (Encode(encoder, Training), Encode(encoder, Test));
        var path = Path.Combine(folder, $"{Set.Name}.{Features}");
        WriteArray(path + ".x.npy", "<f4", $"({training.Count + test.Count}, {training.Width})", MemoryMarshal.AsBytes(training.Values), MemoryMarshal.AsBytes(test.Values));
        WriteArray(path + ".y.npy", "|u1", $"({training.Count + test.Count},)", [.. Enumerable.Repeat((byte)2, training.Count)], Array.ConvertAll(IsFraud, fraud => fraud ? (byte)1 : (byte)0));
    }

    private static PaymentTable Read(PaymentSet set, bool hasHistory)
    {
        var file = new RecordFile(set.File);
        var columns = file.Sample(SampleRows).Columns;
        var proposals = FieldProposer.Propose(columns, PaymentSet.Label);
        var detector = new DetectorOptions
        {
            Name = "payments",
            Topics = ["payments"],
            Fields = [.. proposals.Select(proposal => set.Answers.Contains(proposal.Field.Name) ? proposal.Field.As(FieldKind.Ignore) : proposal.Field)],
        };
        if (hasHistory)
            detector.History = HistoryProposer.Propose(proposals, columns)?.History ?? throw new InvalidOperationException($"{set.File}: init proposes no history.");
        var spec = detector.ToSpec();
        var records = new RecordBatch(spec, set.Rows);
        file.ReadAll(spec, records);
        if (hasHistory)
            new KeyHistory(spec).TakeByClock(records);
        int[] rows = [.. Enumerable.Range(0, records.Count)];
        var training = SequenceRows.Take(records, HistoryWarmUp.Without(records, rows[..set.TrainingRows]));
        return new PaymentTable(set, hasHistory, detector, training, SequenceRows.Take(records, rows.AsSpan(set.TrainingRows)), Array.ConvertAll(rows[set.TrainingRows..], set.IsFraud));
    }

    private static EncodedRows Encode(FeatureEncoder encoder, RecordBatch batch)
    {
        var encoded = new EncodedRows();
        encoder.Encode(batch, 0, batch.Count, encoded);
        return encoded;
    }

    // The format of numpy.save, version 1.0: magic, length of the header, header padded to 64 bytes, numbers.
    private static void WriteArray(string path, string type, FormattableString shape, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        const int Alignment = 64, Prefix = 10;
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape.ToString(CultureInfo.InvariantCulture)}, }}";
        header = header.PadRight(((Prefix + header.Length) / Alignment * Alignment) + Alignment - Prefix - 1) + "\n";
        using var file = File.Create(path);
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        file.Write([0x93, .. "NUMPY"u8, 1, 0]);
        file.Write(length);
        file.Write(Encoding.ASCII.GetBytes(header));
        file.Write(first);
        file.Write(second);
    }
}
