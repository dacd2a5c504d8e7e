using AEAnomaly.Host.Training;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Training;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Training;

/// <summary>Fits in a process of their own: the same outcome, and every way in which such a process can end.</summary>
public sealed class ChildFitterTests
{
    private static readonly FitContext Context = new(TimeProvider.System);

    [Theory]
    [InlineData("denoising", false)]
    [InlineData("denoising", true)]
    [InlineData("vae", false)]
    [InlineData("ensemble", true)]
    public void Fit_NativeDevice_GivesTheSameNetworkAsThisProcess(string variant, bool withMissing)
    {
        var rows = FitterRows.Set(withMissing);
        var options = FitterRows.Options();

        var here = NativeFitter.Instance.Fit(rows, FitterRows.Variant(variant), options, Context, CancellationToken.None);
        var there = new ChildFitter(ChildProgram.Self, "native").Fit(rows, FitterRows.Variant(variant), options, Context, CancellationToken.None);

        Assert.Equal(FitterRows.Scores(here, rows), FitterRows.Scores(there, rows));
        Assert.Equal(here.HeldOutRows, there.HeldOutRows);
        Assert.Equal(here.HeldOutScores, there.HeldOutScores);
        Assert.Equal(here.Report with { Duration = default }, there.Report with { Duration = default });
    }

    [Fact]
    public void Fit_WindowsOfRecords_GivesTheSameNetworkAsThisProcess()
    {
        var records = FitterRows.Set();
        var variant = FitterRows.Variant("recurrent");
        var window = SequenceOptions.WindowOf(variant);
        var rows = new TrainingSet(records.Layout, records.Values, records.Records, null, window, [.. Enumerable.Range(0, records.Records - window + 1)]);

        var here = NativeFitter.Instance.Fit(rows, variant, FitterRows.Options(5), Context, CancellationToken.None);
        var there = new ChildFitter(ChildProgram.Self, "native").Fit(rows, variant, FitterRows.Options(5), Context, CancellationToken.None);

        Assert.Equal(FitterRows.Scores(here, rows), FitterRows.Scores(there, rows));
    }

    [Fact]
    public void Fit_FromTheWeightsOfAnotherNetwork_BeginsWithThem()
    {
        var rows = FitterRows.Set();
        var first = NativeFitter.Instance.Fit(rows, FitterRows.Variant("ae"), FitterRows.Options(), Context, CancellationToken.None);
        var context = Context with { Initial = new InitialWeights(first, [.. Enumerable.Range(0, rows.Layout.Width)], [.. Enumerable.Range(0, rows.Layout.BlockCount)]) };

        var here = NativeFitter.Instance.Fit(rows, FitterRows.Variant("ae"), FitterRows.Options(), context, CancellationToken.None);
        var there = new ChildFitter(ChildProgram.Self, "native").Fit(rows, FitterRows.Variant("ae"), FitterRows.Options(), context, CancellationToken.None);

        Assert.Equal(rows.Layout.Width, there.Reuse!.Features);
        Assert.Equal(here.Reuse, there.Reuse);
        Assert.Equal(FitterRows.Scores(here, rows), FitterRows.Scores(there, rows));
    }

    [Fact]
    public void Fit_Progress_ArrivesFromTheProcess()
    {
        var seen = new List<TrainingProgress>();
        var context = new FitContext(TimeProvider.System, new Listener(seen.Add));

        new ChildFitter(ChildProgram.Self, "native").Fit(FitterRows.Set(), FitterRows.Variant(), FitterRows.Options(), context, CancellationToken.None);

        Assert.NotEmpty(seen);
        Assert.All(seen, progress => Assert.Equal(40, progress.MaxSteps));
    }

    [Fact]
    public void Fit_RowsThatNoDeviceCanFit_SaysWhatTheTrainerSays()
    {
        var few = new TrainingSet(FitterRows.Set().Layout, FitterRows.Set().Values, ModelTrainer.MinRows - 1);

        var error = Assert.Throws<ArgumentException>(() =>
            new ChildFitter(ChildProgram.Self, "native").Fit(few, FitterRows.Variant(), FitterRows.Options(), Context, CancellationToken.None));

        Assert.Equal($"Training needs at least {ModelTrainer.MinRows} rows; found {ModelTrainer.MinRows - 1}.", error.Message);
    }

    [Theory]
    [InlineData("kill -SEGV $$", "crashed (signal 11, segmentation fault)")]
    [InlineData("kill -ABRT $$", "ended itself (signal 6, abort)")]
    [InlineData("kill -KILL $$", "was killed (signal 9), as the system does where memory runs out")]
    [InlineData("echo 'terminate called' >&2; echo >&2; exit 3", "ended with exit code 3; it wrote last: terminate called")]
    [InlineData("echo $OMP_NUM_THREADS thread, $OMP_WAIT_POLICY >&2; exit 3", "it wrote last: 1 thread, PASSIVE")]
    [InlineData("echo noise; exit 0", "ended well, but left no network")]
    public void Fit_ProcessThatFails_IsADeviceFaultThatSaysHow(string script, string expected)
    {
        var fitter = new ChildFitter(new ChildProgram("sh", ["-c", script]), "torch");

        var error = Assert.Throws<TrainingDeviceException>(() => fitter.Fit(FitterRows.Set(), FitterRows.Variant(), FitterRows.Options(), Context, CancellationToken.None));

        Assert.StartsWith("The training process on torch ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(FitPriority.Normal))]
    [InlineData(nameof(FitPriority.Low))]
    public void Fit_Priority_ReachesTheProcess(string name)
    {
        var priority = Enum.Parse<FitPriority>(name);
        var fitter = new ChildFitter(new ChildProgram("sh", ["-c", "echo priority $3 >&2; exit 3"], priority), "torch");

        var error = Assert.Throws<TrainingDeviceException>(() => fitter.Fit(FitterRows.Set(), FitterRows.Variant(), FitterRows.Options(), Context, CancellationToken.None));

        Assert.EndsWith($"it wrote last: priority {name}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_ProgramThatIsNotThere_IsADeviceFault()
    {
        var fitter = new ChildFitter(new ChildProgram("no-such-program", []), "torch");

        var error = Assert.Throws<TrainingDeviceException>(() => fitter.Fit(FitterRows.Set(), FitterRows.Variant(), FitterRows.Options(), Context, CancellationToken.None));

        Assert.StartsWith("The training process on torch (no-such-program) cannot be started: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_CancelledWhileTheProcessHangs_KillsItAndLeavesNoFolder()
    {
        using var folder = new TemporaryFolder();
        var mark = folder["job"];
        // Says which folder it was given, then hangs as a native call does that cannot be cancelled.
        var fitter = new ChildFitter(new ChildProgram("sh", ["-c", $"echo $1 > '{mark}.part'; mv '{mark}.part' '{mark}'; exec sleep 1000"]), "torch");
        using var deadline = new CancellationTokenSource();
        var fit = Task.Run(() => fitter.Fit(FitterRows.Set(), FitterRows.Variant(), FitterRows.Options(), Context, deadline.Token));
        Assert.True(SpinWait.SpinUntil(() => File.Exists(mark), TimeSpan.FromSeconds(60)));

        deadline.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => fit.GetAwaiter().GetResult());
        Assert.False(Directory.Exists(File.ReadAllText(mark).Trim()));
    }

    private sealed class Listener(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
