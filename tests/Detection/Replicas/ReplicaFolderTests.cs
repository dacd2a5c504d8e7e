using System.Text.Json.Nodes;
using AEAnomaly.Detection.Replicas;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.Replicas;

/// <summary>One process at a time has the turn to train, whatever becomes of the one that has it.</summary>
public sealed class ReplicaFolderTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    private static readonly TimeSpan Silence = ReplicaFolder.Silence;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly WatchedTimeProvider _time = new(Start);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryTake_NobodyHasIt_IsTakenAndSaysByWhomAndSinceWhen()
    {
        using var lease = Process("pod-0").TryTake("bootstrap").Lease;

        Assert.NotNull(lease);
        var file = JsonNode.Parse(File.ReadAllText(Turn(1)))!;
        Assert.Equal(("pod-0", Environment.ProcessId), ((string)file["owner"]!["name"]!, (int)file["owner"]!["process"]!));
        Assert.Equal((Start, Start, "bootstrap"), ((DateTimeOffset)file["since"]!, (DateTimeOffset)file["renewed"]!, (string)file["purpose"]!));
        Assert.Null(file["released"]);
        var other = Process("pod-1").TryTake("bootstrap");
        Assert.True(other.IsHeld);
        Assert.Equal($"another process (pod-0, process {Environment.ProcessId}) trains the first version since 2026-05-04T03:02:01Z", other.Said);
    }

    [Fact]
    public void TryTake_GivenBack_IsFreeAtOnce()
    {
        var former = Process("pod-0").TryTake("schedule").Lease!;
        former.Dispose();

        var next = Process("pod-1").TryTake("request");

        using var lease = next.Lease;
        Assert.NotNull(lease);
        Assert.Equal(("pod-0", Start), (next.Standing!.Owner.Name, next.Standing.Released));
    }

    [Fact]
    public void TryTake_TakenAndGivenBackOften_LeavesTwoFiles()
    {
        for (var i = 0; i < 5; i++)
            Process("pod-0").TryTake("request").Lease!.Dispose();

        Assert.Equal([Turn(4), Turn(5)], Directory.GetFiles(_folder.Path).Order());
    }

    [Fact]
    public void TryTake_OwnerAtWork_StaysHeldHoweverLong()
    {
        using var lease = Process("pod-0").TryTake("bootstrap").Lease!;
        var waiting = Process("pod-1");

        for (var passed = TimeSpan.Zero; passed < 10 * Silence; passed += Moment)
        {
            Assert.True(waiting.TryTake("bootstrap").IsHeld);
            _time.Advance(Moment);
        }

        Assert.Null(lease.Loss);
        Assert.Equal(_time.GetUtcNow(), (DateTimeOffset)JsonNode.Parse(File.ReadAllText(Turn(1)))!["renewed"]!);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(+400)]
    [InlineData(-400)]
    public void TryTake_OwnerDead_IsTakenAfterTheSilenceWhateverItsClockSaid(int daysAhead)
    {
        // Its clock stands still, so it renews nothing.
        var dead = Process("pod-0", new WatchedTimeProvider(Start.AddDays(daysAhead))).TryTake("bootstrap");
        _time.Advance(10 * Silence);
        var waiting = Process("pod-1");

        // Nobody knows for how long it has been silent before somebody looks.
        Assert.True(waiting.TryTake("bootstrap").IsHeld);
        _time.Advance(Silence - Moment);
        Assert.True(waiting.TryTake("bootstrap").IsHeld);
        _time.Advance(Moment);
        var next = waiting.TryTake("bootstrap");

        using var lease = next.Lease;
        Assert.NotNull(lease);
        Assert.Equal(("pod-0", null), (next.Standing!.Owner.Name, next.Standing.Released));
        dead.Lease!.Dispose();
    }

    [Fact]
    public async Task Lost_OwnerComesBackAfterAnotherTookIt_IsCancelledAndLeavesTheOtherAlone()
    {
        var clock = new WatchedTimeProvider(Start);
        using var away = Process("pod-0", clock).TryTake("schedule").Lease!;
        var other = Process("pod-1");
        Assert.True(other.TryTake("schedule").IsHeld);
        _time.Advance(Silence);
        using var lease = other.TryTake("schedule").Lease!;

        clock.Advance(ReplicaFolder.Beat);

        await Eventually.TrueAsync(() => away.Lost.IsCancellationRequested, TimeSpan.FromSeconds(30), "it is told");
        var said = Assert.Throws<IOException>(away.Confirm).Message;
        Assert.Equal($"another process (pod-1, process {Environment.ProcessId}) has taken over the training: this one was not heard of for 30 s", said);
        away.Dispose();
        lease.Confirm();
        Assert.True(Process("pod-2").TryTake("schedule").IsHeld);
    }

    [Fact]
    public void Confirm_TurnIsStillItsOwn_Renews()
    {
        using var lease = Process("pod-0", new WatchedTimeProvider(Start.AddHours(1))).TryTake("request").Lease!;
        var written = File.ReadAllText(Turn(1));

        lease.Confirm();

        Assert.Equal(written, File.ReadAllText(Turn(1)));
        Assert.Null(lease.Loss);
    }

    [Fact]
    public async Task Lost_FolderCannotBeWrittenForLong_IsCancelledThoughNobodyElseIsSeen()
    {
        using var folder = new TemporaryFolder();
        using var lease = new ReplicaFolder(folder.Path, "pod-0", _time).TryTake("schedule").Lease!;
        folder.Dispose();

        _time.Advance(Silence - Moment);
        Assert.Null(lease.Loss);
        _time.Advance(ReplicaFolder.Beat);

        await Eventually.TrueAsync(() => lease.Lost.IsCancellationRequested, TimeSpan.FromSeconds(30), "it is told");
        Assert.StartsWith("another process may have taken over the training: this one could not say for 30 s that it is at work: ", lease.Loss, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"owner\":")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"owner\":null,\"purpose\":\"x\",\"since\":\"y\",\"renewed\":\"z\",\"released\":null}")]
    public void TryTake_DamagedLease_IsTakenAfterTheSilence(string content)
    {
        File.WriteAllText(Turn(7), content);
        var waiting = Process("pod-1");

        var first = waiting.TryTake("bootstrap");
        _time.Advance(Silence);
        using var lease = waiting.TryTake("bootstrap").Lease;

        Assert.True(first.IsHeld);
        Assert.Equal("another process (whose lease cannot be read) trains a version since an unknown time", first.Said);
        Assert.NotNull(lease);
        Assert.True(File.Exists(Turn(8)));
    }

    [Fact]
    public void TryTake_FilesThatAreNoTurns_ArePassedOver()
    {
        foreach (var name in new[] { "training.", "training.x", "training.-3", "training.99999999999999999999", "notes.txt" })
            File.WriteAllText(_folder[name], "");

        using var lease = Process("pod-0").TryTake("bootstrap").Lease;

        Assert.NotNull(lease);
        Assert.True(File.Exists(Turn(1)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryTake_ManyAtOnce_OneGetsIt(bool afterADeath)
    {
        for (var round = 0; round < 20; round++)
        {
            using var folder = new TemporaryFolder();
            var processes = Enumerable.Range(0, 8).Select(number => new ReplicaFolder(folder.Path, $"pod-{number}", _time)).ToArray();
            if (afterADeath)
            {
                Assert.NotNull(new ReplicaFolder(folder.Path, "dead", new WatchedTimeProvider(Start)).TryTake("bootstrap").Lease);
                Assert.All(processes, process => Assert.True(process.TryTake("bootstrap").IsHeld));
                _time.Advance(Silence);
            }

            var attempts = new LeaseAttempt[processes.Length];
            Parallel.For(0, processes.Length, new ParallelOptions { MaxDegreeOfParallelism = processes.Length }, number => attempts[number] = processes[number].TryTake("bootstrap"));

            using var lease = Assert.Single(attempts, attempt => !attempt.IsHeld).Lease!;
            lease.Confirm();
        }
    }

    [Fact]
    public void TryTake_FolderCannotBeMade_Throws()
    {
        var file = _folder.Write("file", "in the way");

        Assert.ThrowsAny<IOException>(() => new ReplicaFolder(Path.Combine(file, "payments"), "pod-0", _time).TryTake("bootstrap"));
    }

    [Fact]
    public void Announce_OthersAtWork_AreSeenUntilTheyLeaveOrAreSilent()
    {
        var (self, leaving, dying) = (Process("pod-0"), Process("pod-1"), Process("pod-2"));
        self.Announce();
        Assert.Empty(self.Others);

        // One that is found may have been left by a process that was killed.
        Beat(self, leaving, dying);
        Assert.Empty(self.Others);
        Beat(self, leaving, dying);
        Assert.Equal([$"pod-1, process {Environment.ProcessId}", $"pod-2, process {Environment.ProcessId}"], self.Others.Order());

        leaving.Leave();
        Beat(self, dying);
        Assert.Equal([$"pod-2, process {Environment.ProcessId}"], self.Others);
        for (var passed = TimeSpan.Zero; passed <= Silence; passed += ReplicaFolder.Beat)
            Beat(self);
        Assert.Empty(self.Others);

        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        _time.Advance(TimeSpan.FromHours(1));
        self.Announce();
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Announce_RubbishInTheFolder_IsPassedOverAndDeletedAfterAnHour()
    {
        var self = Process("pod-0");
        _folder.Write("process.x", "rubbish");
        _folder.Write("new.y", "");
        Process("pod-1").TryTake("request").Lease!.Dispose();

        self.Announce();
        _folder.Write("process.x", "other rubbish");
        Beat(self);
        Assert.Empty(self.Others);
        _time.Advance(TimeSpan.FromHours(1));
        self.Announce();

        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        Assert.True(File.Exists(Turn(1)));
    }

    private void Beat(ReplicaFolder self, params ReplicaFolder[] others)
    {
        _time.Advance(ReplicaFolder.Beat);
        foreach (var other in others)
            other.Announce();
        self.Announce();
    }

    private string Turn(long number) => _folder[$"training.{number}"];

    private ReplicaFolder Process(string name, TimeProvider? time = null) => new(_folder.Path, name, time ?? _time);
}
