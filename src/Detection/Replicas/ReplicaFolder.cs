using System.Globalization;

namespace AEAnomaly.Detection.Replicas;

/// <summary>Where processes that share a detector's models tell one another that they are at work, and whose turn it is to train.</summary>
/// <remarks>
/// <para>
/// A turn is a file <c>training.N</c>, the highest number counts. Whoever wants the next turn creates the file of the next number, which one process alone can do, on network
/// file systems as well, also where their listings are old. The owner writes it again every five seconds, and a last time when its turn is over. A process that finds it unchanged
/// for <see cref="Silence"/> by its own clock takes the next turn; an owner that was only away finds a higher number, and gives up. No clock is compared with another, and no lock
/// is held that a network file system might not know, or not release.
/// </para>
/// <para>Should two train at once after all, each stores a version of its own name, and the pointer to the current one is replaced whole.</para>
/// </remarks>
public sealed class ReplicaFolder
{
    /// <summary>How often a process writes what says that it is at work.</summary>
    internal static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <summary>After how long without that it is taken for dead.</summary>
    internal static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private const string TurnPrefix = "training.";
    private const string PresencePrefix = "process.";

    // What a killed process left.
    private static readonly TimeSpan DeletedAfter = TimeSpan.FromHours(1);

    private readonly string _folder;
    private readonly ReplicaIdentity _self;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _since;
    private readonly StillTexts _turns;
    private readonly StillTexts _processes;
    private readonly Lock _taking = new();
    private volatile IReadOnlyList<string> _others = [];

    /// <summary>Creates a view of the folder; touches nothing yet.</summary>
    /// <param name="folder">Folder of the detector, created when something is written.</param>
    /// <param name="name">Name of this process for people, say its host's.</param>
    /// <param name="time">Clock.</param>
    public ReplicaFolder(string folder, string name, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(time);
        (_folder, _time, _since) = (folder, time, time.GetUtcNow());
        _self = new ReplicaIdentity(name, Environment.ProcessId, Path.GetRandomFileName());
        (_turns, _processes) = (new StillTexts(time), new StillTexts(time));
    }

    /// <summary>Gets the folder.</summary>
    internal string Folder => _folder;

    /// <summary>Gets the other processes that are at work, as of the last <see cref="Announce"/>; may be read by any thread.</summary>
    internal IReadOnlyList<string> Others => _others;

    /// <summary>Says that this process is at work, and looks which others are. Called by one thread, every <see cref="Beat"/>.</summary>
    /// <exception cref="IOException">The folder cannot be written or read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    internal void Announce()
    {
        Directory.CreateDirectory(_folder);
        ReplicaFile.Write(PresencePath, new PresenceRecord(_self, _since, _time.GetUtcNow()));
        var others = new List<string>();
        var seen = new HashSet<string>();
        // What is no turn is a process, or was about to become one or the other.
        foreach (var path in Directory.EnumerateFiles(_folder).Where(path => path != PresencePath && !Path.GetFileName(path.AsSpan()).StartsWith(TurnPrefix)))
        {
            var (text, presence) = ReplicaFile.Read<PresenceRecord>(path);
            if (text is null)
                continue;
            var (unchanged, hasChanged) = _processes.Note(path, text);
            seen.Add(path);
            if (hasChanged && unchanged < Silence && presence is not null)
                others.Add(presence.Owner.ToString());
            else if (unchanged >= DeletedAfter)
                File.Delete(path);
        }

        _processes.KeepOnly(seen);
        _others = others;
    }

    /// <summary>Says that this process is no longer at work.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    internal void Leave()
    {
        _others = [];
        if (File.Exists(PresencePath))
            File.Delete(PresencePath);
    }

    /// <summary>Takes the turn to train, where it is nobody else's.</summary>
    /// <param name="purpose">Why it trains: "bootstrap", "schedule", "request".</param>
    /// <exception cref="IOException">The folder cannot be written or read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    internal LeaseAttempt TryTake(string purpose)
    {
        lock (_taking)
        {
            Directory.CreateDirectory(_folder);
            var numbers = Numbers();
            var newest = numbers.Count == 0 ? 0 : numbers.Max();
            LeaseRecord? standing = null;
            if (newest > 0)
            {
                (var text, standing) = ReplicaFile.Read<LeaseRecord>(PathOf(newest));
                if (standing?.Released is null && _turns.Note(PathOf(newest), text ?? "").Unchanged < Silence)
                    return new LeaseAttempt(true, null, standing);
            }

            var now = _time.GetUtcNow();
            var mine = new LeaseRecord(_self, purpose, now, now, null);
            if (!ReplicaFile.TryCreate(PathOf(newest + 1), mine))
                return new LeaseAttempt(true, null, ReplicaFile.Read<LeaseRecord>(PathOf(newest + 1)).Content);

            _turns.Clear();
            // The one before stays: whoever lists the folder at this moment sees it or the new one, so that no number comes twice.
            foreach (var number in numbers.Where(number => number < newest))
                File.Delete(PathOf(number));
            return new LeaseAttempt(false, new TrainingLease(this, newest + 1, mine, _time), standing);
        }
    }

    /// <summary>Gets the file of a turn.</summary>
    internal string PathOf(long number) => Path.Combine(_folder, TurnPrefix + number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Finds who has taken a later turn.</summary>
    /// <returns>Null for nobody.</returns>
    internal string? SuccessorOf(long number) =>
        Numbers().Where(other => other > number).DefaultIfEmpty().Max() is > 0 and var later
            ? new LeaseAttempt(true, null, ReplicaFile.Read<LeaseRecord>(PathOf(later)).Content).Owner
            : null;

    private string PresencePath => Path.Combine(_folder, $"{PresencePrefix}{_self.Id}");

    private List<long> Numbers()
    {
        var numbers = new List<long>();
        foreach (var path in Directory.EnumerateFiles(_folder, TurnPrefix + "*"))
        {
            if (long.TryParse(Path.GetFileName(path.AsSpan())[TurnPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
        }

        return numbers;
    }
}
