using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.History;

/// <summary>Features against a reference without state, in one batch or many, in order or late; memory and what leaves it.</summary>
public sealed class KeyHistoryTests
{
    private const double Tolerance = 2e-3;

    private static readonly FeatureSpec Spec = HistoryRecords.Options().ToSpec();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0.1)]
    [InlineData(3, 0.5)]
    public void Take_RecordsOfSomeCards_GivesFeaturesOfTheFormulas(int seed, double lateShare)
    {
        var batch = HistoryRecords.Make(Spec, 1_200, 7, seed, lateShare);
        new KeyHistory(Spec).Take(batch);

        var naive = new NaiveHistory(batch);
        for (var row = 0; row < batch.Count; row += 7)
        {
            foreach (var (name, expected) in naive.Features(row))
            {
                var found = HistoryRecords.Feature(batch, name, row);
                Assert.True(
                    double.IsNaN(expected) ? double.IsNaN(found) : Math.Abs(found - expected) <= Tolerance * Math.Max(1, Math.Abs(expected)),
                    $"{name} of row {row}: {found} where {expected} was expected");
            }
        }
    }

    [Fact]
    public void FeatureFields_PlaceThatTheWayIsMeasuredFrom_IsNone()
    {
        var names = Spec.FeatureFields.Select(field => Spec.Fields[field].Name).ToArray();

        Assert.DoesNotContain("lat", names);
        Assert.DoesNotContain("long", names);
        Assert.Equal(["time", "amount", "category", "count_30m"], names[..4]);
        Assert.Contains("distance", names);
    }

    [Fact]
    public void Take_SameRecordsInOtherBatches_GivesTheSameBits()
    {
        var whole = HistoryRecords.Make(Spec, 100_000, 900, 5, 0.05);
        var parts = new RecordBatch(Spec, 16);
        new KeyHistory(Spec).Take(whole);

        var history = new KeyHistory(Spec);
        var random = new Random(1);
        for (var next = 0; next < whole.Count;)
        {
            parts.Clear();
            var first = next;
            for (var count = random.Next(1, 5_000); count > 0 && next < whole.Count; count--)
                HistoryRecords.Copy(whole, next++, parts);
            history.Take(parts);
            HistoryRecords.AssertSameFeatures(whole, first, parts);
        }
    }

    [Fact]
    public void Take_FirstRecordOfAKey_IsNoAnomalyOfItsHistory()
    {
        var batch = new RecordBatch(Spec, 4);
        for (var i = 0; i < 50; i++)
            HistoryRecords.Add(batch, "old", 1e9 + (i * 3_600), 20, "category-1", 48, 11);
        HistoryRecords.Add(batch, "new", 1e9 + 200_000, 9_000, "category-8", -33, 151);

        new KeyHistory(Spec).Take(batch);

        Assert.Equal(0, batch.HistoryRecords(50));
        Assert.Equal(49, batch.HistoryRecords(49));
        foreach (var name in (string[])["count_30m", "amount_sum_4d", "amount_usual", "amount_usual_in_category", "category_share", "category_first_seen", "went_back"])
            Assert.Equal(0, HistoryRecords.Feature(batch, name, 50));
        foreach (var name in (string[])["gap", "distance", "speed"])
            Assert.True(double.IsNaN(HistoryRecords.Feature(batch, name, 50)));
    }

    [Fact]
    public void Take_AmountFarFromTheKeysOwn_IsManyDeviationsAwayAndNamesTheUsualOne()
    {
        var batch = new RecordBatch(Spec, 4);
        for (var i = 0; i < 100; i++)
        {
            HistoryRecords.Add(batch, "poor", 1e9 + (i * 7_200), 40 + (i % 5), "category-1");
            HistoryRecords.Add(batch, "rich", 1e9 + (i * 7_200), 4_000 + (100 * (i % 5)), "category-1");
        }

        HistoryRecords.Add(batch, "poor", 1e9 + 800_000, 4_200, "category-2");
        HistoryRecords.Add(batch, "rich", 1e9 + 800_000, 4_200, "category-2");

        new KeyHistory(Spec).Take(batch);

        Assert.InRange(HistoryRecords.Feature(batch, "amount_usual", 200), 8, 40);
        Assert.InRange(HistoryRecords.Feature(batch, "amount_usual", 201), -1, 1);
        Assert.InRange(batch.Usual(HistoryRecords.IndexOf(Spec, "amount_usual"), 200), 40, 44);
        Assert.Equal(1, HistoryRecords.Feature(batch, "category_first_seen", 200));
    }

    [Theory]
    [InlineData(9, 0)]
    [InlineData(10, 1)]
    public void Take_HardlyAnyRecordBefore_SaysNothingOfDeviations(int before, int isTold)
    {
        var batch = new RecordBatch(Spec, 4);
        for (var i = 0; i < before; i++)
            HistoryRecords.Add(batch, "a", 1e9, 20, "category-1");
        HistoryRecords.Add(batch, "a", 1e9, 20.78, "category-1");

        new KeyHistory(Spec).Take(batch);

        // All alike so far: whatever differs would be a hundred deviations away.
        foreach (var name in (string[])["amount_usual", "amount_usual_in_category", "amount_usual_in_category_of_all"])
            Assert.Equal(isTold == 1, HistoryRecords.Feature(batch, name, before) > 30);
    }

    [Fact]
    public void Take_FarAwayAtTheSameInstant_IsTheLargestSpeed()
    {
        var batch = new RecordBatch(Spec, 2);
        HistoryRecords.Add(batch, "a", 1e9, 20, null, 48, 11);
        HistoryRecords.Add(batch, "a", 1e9, 20, null, -33, 151);
        HistoryRecords.Add(batch, "a", 1e9, 20, null, -33, 151);

        new KeyHistory(Spec).Take(batch);

        Assert.Equal(100_000, HistoryRecords.Feature(batch, "speed", 1));
        Assert.InRange(HistoryRecords.Feature(batch, "distance", 1), 16_000, 16_600);
        Assert.Equal(0, HistoryRecords.Feature(batch, "speed", 2));
    }

    [Fact]
    public void Take_RecordDatedYearsAheadOfTheBroker_CountsAtTheBrokersTime()
    {
        var batch = new RecordBatch(Spec, 3);
        foreach (var (seconds, broker) in new[] { (1e9, 1_000_000_000_000), (4e9, 1_000_000_060_000), (1e9 + 120, 1_000_000_120_000) })
        {
            var row = batch.Append(new RecordOrigin("payments", 0, batch.Count, broker));
            batch.SetText(HistoryRecords.Card, row, "a"u8);
            batch.SetNumber(HistoryRecords.Time, row, seconds);
        }

        new KeyHistory(Spec).Take(batch);

        Assert.Equal(60, HistoryRecords.Feature(batch, "gap", 1));
        Assert.Equal(60, HistoryRecords.Feature(batch, "gap", 2));
    }

    [Fact]
    public void TakeByClock_RecordsOutOfOrder_GivesFeaturesAsIfTheyCameInOrder()
    {
        var late = HistoryRecords.Make(Spec, 3_000, 9, 8, 0.4);
        var order = Enumerable.Range(0, late.Count).OrderBy(row => late.Numbers(HistoryRecords.Time)[row]).ToArray();
        var ordered = new RecordBatch(Spec, late.Count);
        foreach (var row in order)
            ordered.AppendFrom(late, row);
        new KeyHistory(Spec).Take(ordered);

        new KeyHistory(Spec).TakeByClock(late);

        for (var i = 0; i < order.Length; i++)
            HistoryRecords.AssertSameFeatures(ordered, i, late, order[i]);
    }

    [Fact]
    public void Take_SeveralPartitions_EachHasItsOwnPopulation()
    {
        var alone = HistoryRecords.Make(Spec, 500, 4, 3);
        new KeyHistory(Spec).Take(alone);
        var mixed = new RecordBatch(Spec, 1_000);
        for (var row = 0; row < alone.Count; row++)
        {
            HistoryRecords.Copy(alone, row, mixed);
            var other = mixed.Append(new RecordOrigin("payments", 1, row, -1));
            mixed.SetText(HistoryRecords.Card, other, "of the other partition"u8);
            mixed.SetNumber(HistoryRecords.Time, other, 1e9 + row);
            mixed.SetNumber(HistoryRecords.Amount, other, 1_000_000);
            mixed.SetText(HistoryRecords.Category, other, "category-0"u8);
        }

        new KeyHistory(Spec).Take(mixed);

        for (var row = 0; row < alone.Count; row++)
            HistoryRecords.AssertSameFeatures(alone, row, mixed, 2 * row);
    }

    [Fact]
    public void BytesOfKey_OneNumberTwoCategoriesAndAPlace_IsAtMost512()
    {
        var options = HistoryRecords.Options();
        options.Fields.Add(new() { Name = "merchant", Kind = FieldKind.Categorical });
        options.History!.Remember.Add(new() { Share = "merchant" });
        options.History.Remember.Add(new() { FirstSeen = "merchant" });

        var bytes = new KeyHistory(options.ToSpec()).BytesOfKey;

        Assert.InRange(bytes, 256, 512);
    }

    [Fact]
    public void Take_MoreKeysThanFit_ThoseNotSeenForLongestLeaveAndAreCounted()
    {
        var spec = HistoryRecords.Options(memoryMib: 1).ToSpec();
        var history = new KeyHistory(spec);
        var fitting = 1024 * 1024 / history.BytesOfKey;
        var batch = new RecordBatch(spec, 1);
        for (var i = 0; i < fitting + 10; i++)
            HistoryRecords.Add(batch, $"card-{i}", 1e9 + i, 20, "category-1");
        HistoryRecords.Add(batch, "card-9", 2e9, 20, "category-1");
        HistoryRecords.Add(batch, $"card-{fitting + 9}", 2e9, 20, "category-1");

        history.Take(batch);

        Assert.Equal(fitting, history.Keys);
        Assert.Equal(11, history.Evicted);
        Assert.Equal(0, batch.HistoryRecords(fitting + 10));
        Assert.Equal(1, batch.HistoryRecords(fitting + 11));
        Assert.InRange(history.Bytes, 1, 1024 * 1024 + 100_000);
    }

    [Fact]
    public void Forget_OfAPartition_ItsKeysBeginAnewAndOthersStay()
    {
        var history = new KeyHistory(Spec);
        var batch = new RecordBatch(Spec, 4);
        HistoryRecords.Add(batch, "a", 1e9, 20, "category-1");
        var other = batch.Append(new RecordOrigin("payments", 1, 0, -1));
        batch.SetText(HistoryRecords.Card, other, "b"u8);
        batch.SetNumber(HistoryRecords.Time, other, 1e9);
        history.Take(batch);

        history.Forget(new HashSet<(string, int)> { ("payments", 0) });
        history.Take(batch);

        Assert.Equal(0, batch.HistoryRecords(0));
        Assert.Equal(1, batch.HistoryRecords(1));
    }

    [Fact]
    public void Take_Warm_AllocatesNothing()
    {
        var batch = HistoryRecords.Make(Spec, 2_000, 50, 4, 0.1);
        var history = new KeyHistory(Spec);

        Assert.InRange(Allocations.InSteadyState(() => history.Take(batch)), 0, 200);
    }
}
