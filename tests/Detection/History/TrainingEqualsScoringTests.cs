using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.History;

/// <summary>What a training learns from has the features that scoring gives the same records.</summary>
public sealed class TrainingEqualsScoringTests
{
    [Fact]
    public void Features_OfAHundredThousandRecords_AreTheSameAtTrainingAndAtScoring()
    {
        var spec = HistoryRecords.Options().ToSpec();
        const int Count = 100_000;
        var records = PartitionedRecords.Make(spec, Count, 2_000, 3, seed: 31);

        // As a training reads: partition after partition, into a batch that is emptied now and then.
        var sample = new HistorySample(spec, Count, least: Count);
        var arriving = new RecordBatch(spec, 16);
        for (var partition = 0; partition < 3; partition++)
        {
            for (var row = 0; row < Count; row++)
            {
                if (records.Origins[row].Partition != partition)
                    continue;
                HistoryRecords.Copy(records, row, arriving);
                sample.Arrived(arriving);
            }
        }

        var learned = sample.Finish(arriving);

        // As the stream is scored: in batches of all partitions.
        var history = new KeyHistory(spec);
        var scored = new Dictionary<(int, long), (RecordBatch Batch, int Row)>();
        for (var first = 0; first < Count; first += 2_048)
        {
            var batch = PartitionedRecords.Rows(records, Enumerable.Range(first, Math.Min(2_048, Count - first)));
            history.Take(batch);
            for (var row = 0; row < batch.Count; row++)
                scored.Add((batch.Origins[row].Partition, batch.Origins[row].Offset), (batch, row));
        }

        Assert.Equal(Count, learned.Count);
        for (var row = 0; row < Count; row++)
        {
            var (batch, at) = scored[(learned.Origins[row].Partition, learned.Origins[row].Offset)];
            HistoryRecords.AssertSameFeatures(batch, at, learned, row);
        }
    }
}
