using AEAnomaly.Detection.Streaming;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>
/// Feeds one detector from Kafka: one thread of its own reads, decodes, has records processed, publishes alerts and dead letters, and commits.
/// </summary>
/// <remarks>
/// Delivery is at least once: an offset is committed after its record was processed and all alerts and dead letters up to it were acknowledged by all
/// replicas. After a crash some records are processed again. A message without a value (a tombstone) carries nothing to score: it is counted and passed over.
/// A broker that is away, a topic that is missing and an output that refuses are waited for, and said. After an error that remains (a processor that fails for
/// every record, a client that failed fatally) it says so and begins anew after a while; other detectors of the process do not notice.
/// </remarks>
public sealed partial class DetectorConsumer
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private volatile KafkaOptions _options;
    private readonly IRecordDecoder _decoder;
    private readonly IRecordProcessor _processor;
    private readonly SizeLimits _limits;
    private readonly DeadLetterBreaker _breaker;
    private readonly JoinWatch _joining;
    private readonly IngestMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile ConsumerStatus _status;
    private volatile IReadOnlyList<PartitionLag> _lags = [];
    private readonly long[] _waitingBytes = new long[Enum.GetValues<OutboundKind>().Length];
    private volatile int _stoppedPartitions;
    private long _heldBytes;
    private long _lastLoopTicks;
    private long _loopedAt;
    private int _isStarted;
    private bool _hasBegun;

    /// <summary>Creates a consumer; contacts nobody yet.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="route">Topics and group.</param>
    /// <param name="decoder">Decodes messages; the consumer's own.</param>
    /// <param name="processor">Receives the records.</param>
    /// <param name="metrics">Receives measurements.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Receives logs.</param>
    /// <exception cref="ArgumentException">The route names no topic.</exception>
    public DetectorConsumer(
        KafkaOptions options,
        DetectorRoute route,
        IRecordDecoder decoder,
        IRecordProcessor processor,
        IngestMetrics metrics,
        TimeProvider time,
        ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(processor);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        if (route.Topics.Count == 0)
            throw new ArgumentException($"Detector '{route.Name}' has no input topic.", nameof(route));

        (_options, Route, _decoder, _processor, _metrics, _time, _logger) = (options, route, decoder, processor, metrics, time, logger);
        _limits = new SizeLimits(time);
        _breaker = new DeadLetterBreaker(route.DeadLetterLimit);
        _joining = new JoinWatch(KafkaProperties.JoinBound(options), time);
        _lastLoopTicks = time.GetUtcNow().UtcTicks;
        _loopedAt = time.GetTimestamp();
        _status = new ConsumerStatus(ConsumerState.Connecting, 0, 0, false, time.GetUtcNow(), null, true, null);
    }

    /// <summary>Gets the topics and the group.</summary>
    public DetectorRoute Route { get; }

    /// <summary>Gets where the consumer stands; may be read by any thread.</summary>
    public ConsumerStatus Status => _status with { LastLoopAt = new DateTimeOffset(Volatile.Read(ref _lastLoopTicks), TimeSpan.Zero) };

    /// <summary>Gets whether it stopped reading because too many records went to the dead letters; may be read by any thread, also while the consumer begins anew.</summary>
    public bool IsHalted => _breaker.IsTripped;

    /// <summary>Gets how long ago the loop turned last, by a clock that nobody sets; may be read by any thread.</summary>
    public TimeSpan SinceLoop => _time.GetElapsedTime(Volatile.Read(ref _loopedAt));

    /// <summary>Gets how long the consumer waits after an error that remains, before it begins anew; doubled from time to time.</summary>
    internal TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how long the clients may try to join their group while a broker answers, before others take their place; null to let them try without end.</summary>
    internal TimeSpan? JoinBound
    {
        get => _joining.Bound;
        init => _joining = new JoinWatch(value, _time);
    }

    internal IReadOnlyList<PartitionLag> Lags => _lags;

    /// <summary>Gets the assigned partitions of which nothing is read until somebody says where.</summary>
    internal int StoppedPartitions => _stoppedPartitions;

    /// <summary>Gets the bytes of the records that were read and are not processed.</summary>
    internal long HeldBytes => Volatile.Read(ref _heldBytes);

    /// <summary>Gets the bytes of one kind that are not acknowledged.</summary>
    internal long WaitingBytesOf(OutboundKind kind) => Volatile.Read(ref _waitingBytes[(int)kind]);

    /// <summary>Gets the bytes allocated on the loop's thread between reading and the end of decoding, over all turns so far.</summary>
    internal long HotPathAllocatedBytes { get; private set; }

    /// <summary>Gets the records decoded so far.</summary>
    internal long DecodedRecords { get; private set; }

    /// <summary>Reads until cancelled; then finishes the batch, publishes, commits and leaves the group within <see cref="KafkaOptions.ShutdownTimeout"/>.</summary>
    /// <param name="cancellationToken">Ends the reading; the task then completes without an error.</param>
    /// <exception cref="ArgumentException">librdkafka refuses a property.</exception>
    /// <exception cref="TimeoutException">The loop did not end in time after the cancellation.</exception>
    /// <exception cref="InvalidOperationException">It runs already, or ran.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
            throw new InvalidOperationException($"The consumer of detector '{Route.Name}' was started before; create a new one.");

        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Run(finished, cancellationToken)) { IsBackground = true, Name = $"consume {Route.Name}" };
        _metrics.Attach(this);
        thread.Start();
        try
        {
            var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellationToken.Register(() => cancelled.TrySetResult()).ConfigureAwait(false);
            await Task.WhenAny(finished.Task, cancelled.Task).ConfigureAwait(false);
            // Every wait of the stop is bounded below this; only a processor that does not return can exceed it.
            await finished.Task.WaitAsync(finished.Task.IsCompleted ? Timeout.InfiniteTimeSpan : 2 * _options.ShutdownTimeout, _time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!finished.Task.IsCompleted)
        {
            throw new TimeoutException(
                $"The consumer of detector '{Route.Name}' did not stop within {2 * _options.ShutdownTimeout.TotalSeconds:0.#} s; what was not committed is read again.");
        }
        finally
        {
            _metrics.Detach(this);
        }
    }

    /// <summary>Goes on reading where it stopped because too many records went to the dead letters; any thread.</summary>
    /// <returns>False where it had not stopped.</returns>
    public bool Resume() => _breaker.AskToResume();

    private void Run(TaskCompletionSource finished, CancellationToken cancellationToken)
    {
        try
        {
            var topics = TopicWatch.Of(Route);
            var pause = FirstPause;
            while (!cancellationToken.IsCancellationRequested)
            {
                TakeRenewal();
                var started = _time.GetTimestamp();
                if (RunToEnd(topics, cancellationToken) is not { } failure)
                    continue;
                if (_time.GetElapsedTime(started) > LongestPause)
                    pause = FirstPause;
                // A transaction that was given up is an ordinary end of one; whoever was fenced leaves the field to the other.
                if (failure is TransactionException { IsRemedied: true })
                {
                    Log.BegunAnew(_logger, Route.Name, failure.Message);
                    continue;
                }

                if (failure is TransactionException { IsFenced: false } && pause == FirstPause)
                    pause = FirstPause / 10;
                ShowFailed(failure, pause);
                Wait(pause, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            _status = _status with { State = ConsumerState.Stopped, AssignedPartitions = 0 };
            Log.Stopped(_logger, Route.Name);
            finished.SetResult();
        }
        catch (Exception exception)
        {
            // The thread's outermost frame: what keeps a client from being made at all goes to whoever awaits RunAsync.
            _status = _status with { State = ConsumerState.Failed, AssignedPartitions = 0, LastError = exception.Message };
            finished.SetException(exception);
        }
    }

    private void Run(ConsumerLoop loop, CancellationToken cancellationToken)
    {
        loop.Start();
        try
        {
            while (!cancellationToken.IsCancellationRequested && !loop.IsOutdated && !IsToBeMadeAnew(loop))
            {
                loop.Turn(cancellationToken);
                Show(loop);
            }
        }
        catch
        {
            loop.BreakTransaction();
            throw;
        }
        finally
        {
            // After a failure too: what was processed before the failed batch is published and committed, but where all is given up.
            loop.Stop();
        }
    }

    private void Show(ConsumerLoop loop)
    {
        Volatile.Write(ref _lastLoopTicks, _time.GetUtcNow().UtcTicks);
        Volatile.Write(ref _loopedAt, _time.GetTimestamp());
        (HotPathAllocatedBytes, DecodedRecords) = (loop.HotPathAllocatedBytes, loop.DecodedRecords);
        _lags = loop.Lags;
        _stoppedPartitions = loop.StoppedPartitions;
        Volatile.Write(ref _heldBytes, loop.HeldBytes);
        for (var kind = 0; kind < _waitingBytes.Length; kind++)
            Volatile.Write(ref _waitingBytes[kind], loop.WaitingBytesOf((OutboundKind)kind));
        var status = _status;
        var problem = loop.Problem;
        if (status.State != loop.State || status.AssignedPartitions != loop.AssignedPartitions || status.TopicPartitions != loop.TopicPartitions || status.BrokerReachable != loop.IsBrokerReachable
            || status.Lag != loop.Lag || status.CanPublish != loop.CanPublish || status.LastError != problem)
        {
            _status = new ConsumerStatus(loop.State, loop.AssignedPartitions, loop.TopicPartitions, loop.IsBrokerReachable, status.LastLoopAt, loop.Lag, loop.CanPublish, problem);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3060, LogLevel.Information, "Detector {Detector}: left the group")]
        public static partial void Stopped(ILogger logger, string detector);

        [LoggerMessage(3062, LogLevel.Warning, "Detector {Detector}: a topic was deleted and created anew; the Kafka clients, which know the former one, are replaced")]
        public static partial void Renewed(ILogger logger, string detector);

        [LoggerMessage(3063, LogLevel.Warning, "Detector {Detector}: {Reason}; its records are read again at once")]
        public static partial void BegunAnew(ILogger logger, string detector, string reason);

        [LoggerMessage(3061, LogLevel.Error, "Detector {Detector}: the consumer failed ({Reason}); nothing beyond the last commit is lost, it begins anew in {PauseSeconds} s")]
        public static partial void Failed(ILogger logger, string detector, string reason, double pauseSeconds, Exception exception);
    }
}
