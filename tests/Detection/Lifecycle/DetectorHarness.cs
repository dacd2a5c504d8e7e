using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Replicas;
using AEAnomaly.Detection.Tests.Training;
using AEAnomaly.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace AEAnomaly.Detection.Tests.Lifecycle;

/// <summary>A detector with a real store in a folder of its own, a past in memory and a clock that tests move.</summary>
internal sealed class DetectorHarness : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _ending = new();
    private Task _run = Task.CompletedTask;

    /// <param name="options">Options, or null for the usual ones.</param>
    /// <param name="past">What the topic holds, or null for nothing.</param>
    /// <param name="folder">Folder, or null for one of its own.</param>
    /// <param name="sharedIn">Where it tells others that have the same models of itself, below the folder; null where it has none.</param>
    public DetectorHarness(DetectorOptions? options = null, RecordBatch? past = null, TemporaryFolder? folder = null, string? sharedIn = null)
    {
        Folder = folder ?? new TemporaryFolder();
        Store = new DirectoryModelStore(Folder.Path);
        History = new MemoryHistory(past ?? PaymentRecords.Normal(0));
        var replicas = sharedIn is null ? null : new ReplicaFolder(Folder[sharedIn], "pod-0", Time);
        Detector = new Detector(options ?? PaymentRecords.Options(), Store, History, new DetectionMetrics(Meters), Time, NullLogger<Detector>.Instance, replicas: replicas);
    }

    public TemporaryFolder Folder { get; }

    public DirectoryModelStore Store { get; }

    public MemoryHistory History { get; }

    public TestMeters Meters { get; } = new();

    public WatchedTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds((long)PaymentRecords.Start).AddDays(30));

    public Detector Detector { get; }

    public RecordingSink Sink { get; } = new();

    /// <summary>A harness whose store holds the shared trained model as current version.</summary>
    public static DetectorHarness WithModel(DetectorOptions? options = null, RecordBatch? past = null, string? sharedIn = null)
    {
        var harness = new DetectorHarness(options, past, sharedIn: sharedIn);
        harness.Store.Save(TrainedPayments.Manifest("bootstrap", harness.Time.GetUtcNow()), TrainedPayments.Model.Model);
        return harness;
    }

    public void Start() => _run = Detector.RunAsync(_ending.Token);

    public async Task<DetectorHarness> StartedAsync()
    {
        Start();
        await UntilAsync(() => Detector.IsReady, "a model is loaded");
        return this;
    }

    public Task UntilAsync(Func<bool> condition, string what) =>
        Eventually.TrueAsync(condition, Bound, what, () => Detector.Status.ToString());

    /// <summary>Moves the clock until a condition holds; the background work waits on it again and again.</summary>
    public Task AdvanceUntilAsync(TimeSpan step, Func<bool> condition, string what) =>
        Eventually.TrueAsync(
            () =>
            {
                if (condition())
                    return true;
                Time.Advance(step);
                return false;
            },
            Bound,
            what,
            () => Detector.Status.ToString());

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _run;
        await Detector.DisposeAsync();
        Meters.Dispose();
        Folder.Dispose();
        _ending.Dispose();
    }
}
