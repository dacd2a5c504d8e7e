using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Tests.History;
using AEAnomaly.Detection.Tests.Training;
using AEAnomaly.Models.Variants.Sequences;
using AEAnomaly.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace AEAnomaly.Detection.Tests.Lifecycle;

/// <summary>A detector that begins in the middle of a stream judges as one that was there from the beginning.</summary>
public sealed class HistoryRestartTests : IDisposable
{
    private const string Topic = "payments";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, 1_200, 1_200)]
    [InlineData(false, 1_000, 1_000)]
    [InlineData(false, 1_100, 1_000)]
    public async Task Process_AfterARestart_JudgesByTheSameFeatures(bool isHandedOver, long committed, long known)
    {
        var options = Options();
        var spec = options.ToSpec();
        await using var harness = await new DetectorHarness(options, PaymentRecords.Normal(2_000, spec: spec)).StartedAsync();
        var stream = PaymentRecords.Normal(2_000, seed: 5, spec: spec);
        new KeyHistory(spec).Take(stream);

        await using (var first = await StartAsync(harness, options))
        {
            Assert.Equal(new PastWanted(0, TimeSpan.FromDays(60)), first.Begin(Topic, 0, null, 0));
            first.Process(Part(stream, 0, 1_000), harness.Sink);
            harness.Time.Advance(options.History!.SaveEvery);
            await Eventually.TrueAsync(() => IsSaved(first, harness.Sink), TimeSpan.FromSeconds(30), "it is written");
            first.Committed(Topic, 0, 1_000);
            first.Process(Part(stream, 1_000, 200), harness.Sink);
            first.Forget(new HashSet<(string, int)> { (Topic, 0) }, isHandedOver ? ForgetReason.GivenAway : ForgetReason.Lost);
        }

        await using var second = await StartAsync(harness, options);
        Assert.Equal(new PastWanted(0, FromOffset: known), second.Begin(Topic, 0, null, committed));
        if (known < committed)
            second.Recall(Part(stream, known, committed - known));
        var rest = Part(stream, committed, stream.Count - committed);
        second.Process(rest, harness.Sink);

        HistoryRecords.AssertSameFeatures(stream, (int)committed, rest);
    }

    [Fact]
    public async Task Process_RecordsAfterTheFileDeleted_JudgesByTheFileAndTheRest()
    {
        var options = Options();
        var spec = options.ToSpec();
        await using var harness = await new DetectorHarness(options, PaymentRecords.Normal(2_000, spec: spec)).StartedAsync();
        var stream = PaymentRecords.Normal(2_000, seed: 5, spec: spec);
        await using (var first = await StartAsync(harness, options))
        {
            first.Begin(Topic, 0, null, 0);
            first.Process(Part(stream, 0, 1_000), harness.Sink);
            first.Forget(new HashSet<(string, int)> { (Topic, 0) }, ForgetReason.GivenAway);
        }

        await using var second = await StartAsync(harness, options);
        Assert.Equal(new PastWanted(0, FromOffset: 1_000), second.Begin(Topic, 0, null, 1_400));
        second.Recall(Part(stream, 1_250, 150));
        var rest = Part(stream, 1_400, 600);
        second.Process(rest, harness.Sink);

        var held = new KeyHistory(spec);
        held.Take(Part(stream, 0, 1_000));
        held.Take(Part(stream, 1_250, 150));
        var expected = Part(stream, 1_400, 600);
        held.Take(expected);
        HistoryRecords.AssertSameFeatures(expected, 0, rest);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(600)]
    public async Task Process_RebuiltFromTheMiddleOfALog_JudgesByWhatCameFromThereOn(int cut)
    {
        var options = Options();
        options.History!.Rebuild = TimeSpan.FromDays(9);
        var spec = options.ToSpec();
        await using var harness = await new DetectorHarness(options, PaymentRecords.Normal(2_000, spec: spec)).StartedAsync();
        var stream = PaymentRecords.Normal(2_000, seed: 5, spec: spec);
        await using var detector = await StartAsync(harness, options);

        Assert.Equal(new PastWanted(0, TimeSpan.FromDays(9)), detector.Begin(Topic, 0, null, 1_000));
        if (cut < 1_000)
            detector.Recall(Part(stream, cut, 1_000 - cut));
        var rest = Part(stream, 1_000, 1_000);
        detector.Process(rest, harness.Sink);

        var expected = Part(stream, cut, 2_000 - cut);
        new KeyHistory(spec).Take(expected);
        HistoryRecords.AssertSameFeatures(expected, 1_000 - cut, rest);
        new KeyHistory(spec).Take(stream);
        Assert.NotEqual(HistoryRecords.Feature(stream, "amount_usual_of_all", 1_000), HistoryRecords.Feature(rest, "amount_usual_of_all", 0));
    }

    [Fact]
    public async Task Begin_NoFileAndARebuildThatIsDeclared_WantsThat()
    {
        var options = Options();
        options.History!.Rebuild = TimeSpan.FromDays(9);
        await using var harness = new DetectorHarness(options);
        await using var detector = Create(harness, options);

        Assert.Equal(new PastWanted(0, TimeSpan.FromDays(9)), detector.Begin(Topic, 0, "id", 70));
    }

    [Fact]
    public async Task Begin_VariantOfWindows_WantsTheRecordsOfTheWindowsAndUsesNoFile()
    {
        var options = Options();
        options.Model = new ConvolutionalAutoencoderOptions { Window = 4 };
        await using var harness = new DetectorHarness(options);
        await using var detector = Create(harness, options);

        Assert.Equal(new PastWanted(100_000, TimeSpan.FromDays(60)), detector.Begin(Topic, 0, null, 500_000));
    }

    private static DetectorOptions Options()
    {
        var options = PaymentRecords.Options();
        options.History = new HistoryOptions
        {
            Remember =
            [
                new HistoryItem { Count = true },
                new HistoryItem { Usual = "amount" },
                new HistoryItem { Usual = "amount", Of = HistoryScope.All },
                new HistoryItem { FirstSeen = "country" },
                new HistoryItem { Gap = true },
            ],
        };
        return options;
    }

    private static RecordBatch Part(RecordBatch stream, long from, long count)
    {
        var part = new RecordBatch(stream.Spec, (int)count);
        for (var row = from; row < from + count; row++)
            HistoryRecords.Copy(stream, (int)row, part);
        return part;
    }

    private bool IsSaved(Detector detector, IAlertSink sink)
    {
        detector.Tick(sink);
        return File.Exists(_folder["history", Topic, "0-1000.keys"]);
    }

    private Detector Create(DetectorHarness harness, DetectorOptions options) =>
        new(options, harness.Store, harness.History, new DetectionMetrics(harness.Meters), harness.Time, NullLogger<Detector>.Instance, null, _folder["history"]);

    private async Task<Detector> StartAsync(DetectorHarness harness, DetectorOptions options)
    {
        var detector = Create(harness, options);
        _ = detector.RunAsync(CancellationToken.None);
        await harness.UntilAsync(() => detector.IsReady, "a model is loaded");
        return detector;
    }
}
