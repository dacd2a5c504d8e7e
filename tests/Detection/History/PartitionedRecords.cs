using System.Text;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.History;

/// <summary>Payments of several partitions, each card in one of them, in the order in which a process reads them; offsets have gaps, as those of bad records leave.</summary>
internal static class PartitionedRecords
{
    public const string Topic = "payments", TopicId = "the-first";

    public static RecordBatch Make(FeatureSpec spec, int count, int cards, int partitions, int seed)
    {
        var random = new Random(seed);
        var batch = new RecordBatch(spec, count);
        var next = new long[partitions];
        var seconds = 1_700_000_000.0;
        for (var i = 0; i < count; i++)
        {
            var card = random.Next(cards);
            var partition = card % partitions;
            seconds += random.NextDouble() * 60;
            var row = batch.Append(new RecordOrigin(Topic, partition, next[partition] += random.Next(1, 3), -1, TopicId));
            if (random.Next(50) > 0)
                batch.SetText(HistoryRecords.Card, row, Encoding.UTF8.GetBytes($"card-{card}{(card % 5 == 0 ? " with a name beyond 31 bytes" : "")}"));
            if (random.Next(40) > 0)
                batch.SetNumber(HistoryRecords.Time, row, random.Next(20) == 0 ? seconds - 100_000 : seconds);
            if (random.Next(20) > 0)
                batch.SetNumber(HistoryRecords.Amount, row, Math.Round(Math.Exp(2 + (random.NextDouble() * 4)), 2));
            if (random.Next(25) > 0)
                batch.SetText(HistoryRecords.Category, row, Encoding.UTF8.GetBytes(HistoryRecords.Categories[random.Next(9)]));
            batch.SetNumber(HistoryRecords.Latitude, row, 40 + (random.NextDouble() * 10));
            batch.SetNumber(HistoryRecords.Longitude, row, -80 + (random.NextDouble() * 20));
        }

        return batch;
    }

    /// <summary>Copies some rows, as they were read.</summary>
    public static RecordBatch Rows(RecordBatch source, IEnumerable<int> rows)
    {
        var target = new RecordBatch(source.Spec, 64);
        foreach (var row in rows)
            HistoryRecords.Copy(source, row, target);
        return target;
    }

    /// <summary>Gives the offset after the records of a partition before a row.</summary>
    public static long NextOf(RecordBatch records, int partition, int row) =>
        Enumerable.Range(0, row).Where(before => records.Origins[before].Partition == partition).Select(before => records.Origins[before].Offset + 1).LastOrDefault(0);
}
