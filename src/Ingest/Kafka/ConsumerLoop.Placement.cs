using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Native;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

// Where reading begins, and where it goes on when the log is another than the one the offsets counted in: the topic was deleted and created anew, or the log
// was cut. An offset alone does not tell; librdkafka goes on at the same number of the new log (rdkafka_topic.c, "an offset reset must be triggered"), or, where
// the leader had changed before, waits for a leader epoch that the new log will not reach for long. So the topic's id is committed with every offset and asked for
// while reading, and a client that knew another topic is replaced.
internal sealed unsafe partial class ConsumerLoop
{
    private static readonly TimeSpan PlaceAgainEvery = TimeSpan.FromSeconds(1);

    private bool _hasUnplaced;
    private bool _hasSeeks;
    private long? _placedAt;

    /// <summary>Finds where newly assigned partitions begin; those that it could not find out for are tried again.</summary>
    private void ChooseStarts(List<PartitionPosition> positions)
    {
        if (positions.Count == 0)
            return;
        _placedAt = _time.GetTimestamp();
        var setBack = 0;
        try
        {
            // What a former process of this name left open is ended before: until then it is not known how far the group is.
            _transaction?.Prepare();
            // The ids first: what is asked for after them belongs to these topics or to later ones, never to earlier ones.
            AskForTopics();
            foreach (var committed in GroupOffsetList.Ask(_client, positions.ConvertAll(Named), _options.RequestTimeout))
            {
                var position = _partitions.Find(committed.Topic, committed.Partition)!;
                position.TopicId = _topics.IdOf(position.Topic);
                if (ChooseStart(position, committed))
                    setBack++;
            }
        }
        catch (KafkaException exception)
        {
            Log.StartsNotChosen(_logger, _route.Name, exception.Error.Reason);
        }

        foreach (var position in positions)
            NoteUnplaced(position);
        if (setBack > 0)
            Log.SetBack(_logger, _route.Name, setBack);
    }

    /// <returns>Whether it begins before the first new record, because the processor has to know what came before. What is read again was settled before, so that no commit carries it.</returns>
    private bool ChooseStart(PartitionPosition position, in GroupOffset committed)
    {
        if (committed.Offset < 0 && _start == AutoOffsetReset.Error)
        {
            position.BeginAnywhere();
            return false;
        }

        if (committed.TopicId is { } then && position.TopicId is { } now && then != now)
        {
            if (_start == AutoOffsetReset.Error)
            {
                position.Begin(committed.Offset, committed.Offset, committed.Offset, -1);
                position.TopicId = then;
                position.Displace(-1);
                return false;
            }

            BeginAnew(position, $"was deleted and created anew since offset {committed.Offset} was committed");
            return false;
        }

        if (committed.Offset < 0 && _topics.WasMadeAnew(position.Topic))
        {
            BeginAnew(position, "was deleted and created anew");
            return false;
        }

        var isNew = committed.Offset < 0;
        var first = committed.Offset;
        WatermarkOffsets? held = null;
        if (isNew)
        {
            // Asked for now: "the end" would be looked up when reading begins, and records that came while the partition waited for a model, or before a
            // restart, would be skipped. The next commit carries it.
            held = Held(position);
            // "From the end" is for what was there before the detector: records come into a new partition before a client knows of it.
            var fromEnd = _start == AutoOffsetReset.Latest && !_topics.IsYounger(position.Topic, position.Partition);
            first = fromEnd ? held.High.Value : held.Low.Value;
        }

        var past = _processor.Begin(position.Topic, position.Partition, position.TopicId, first);
        if (_route.ReadsCopies)
            past = past with { Records = Math.Max(past.Records, CopiesInDoubt) };
        position.Begin(first, past.IsNothing ? first : PastOf(position, held ?? Held(position), first, past), isNew ? -1 : first, committed.LeaderEpoch);

        // With the epoch a broker finds out that the log was cut below the offset, even if it has grown beyond it again; where the past is read again, its records tell.
        if (position.Next == position.FirstNew && position.LeaderEpoch >= 0)
            position.AwaitSeek();
        return position.Next < position.FirstNew;
    }

    /// <summary>Finds where to read from, so that the processor is handed what it wants of the past.</summary>
    private long PastOf(PartitionPosition position, WatermarkOffsets held, long first, in PastWanted wanted)
    {
        // Nothing is left, or not yet, of what came before.
        if (first > held.High.Value)
            return first;
        if (wanted.FromOffset is { } known)
            NotePastDeleted(position, known, Math.Min(held.Low.Value, first) - known);
        var from = Math.Min(first - wanted.Records, wanted.FromOffset ?? first);
        if (wanted.Age > TimeSpan.Zero)
            from = Math.Min(from, OffsetOf(position, wanted.Age, held.Low.Value));
        return Math.Clamp(from, Math.Min(held.Low.Value, first), first);
    }

    private WatermarkOffsets Held(PartitionPosition position) => _consumer.QueryWatermarkOffsets(Named(position), _options.RequestTimeout);

    // Where no record is so young, or (embedded) nobody can tell, it is all that there is: what is remembered fades by the records' own time, which may be another.
    private long OffsetOf(PartitionPosition position, TimeSpan age, long low)
    {
        var now = _time.GetUtcNow();
        if (age >= now - DateTimeOffset.UnixEpoch)
            return low;
        var query = new TopicPartitionTimestamp(Named(position), new Timestamp(now - age));
        var found = _consumer.OffsetsForTimes([query], _options.RequestTimeout)[0].Offset;
        return found.IsSpecial ? low : found.Value;
    }

    /// <summary>Says where the client is to begin; whatever comes before it is known where is passed over, and comes again.</summary>
    private TopicPartitionOffset StartOf(PartitionPosition position) => new(
        Named(position), position.Next >= 0 ? position.Next : position.IsPlaced || _start == AutoOffsetReset.Error ? Offset.Unset : Offset.Beginning);

    private void NoteUnplaced(PartitionPosition position)
    {
        _hasUnplaced |= position is { IsPlaced: false, AwaitsSeek: false };
        _hasSeeks |= position.AwaitsSeek;
    }

    private void PlaceAgain()
    {
        if (_hasUnplaced && (_placedAt is not { } placedAt || _time.GetElapsedTime(placedAt) >= PlaceAgainEvery))
            PlaceUnplaced();
        if (!_hasSeeks)
            return;
        _hasSeeks = false;
        foreach (var position in _partitions.Positions)
        {
            if (position.AwaitsSeek)
                Seek(position);
        }
    }

    private void PlaceUnplaced()
    {
        _placedAt = _time.GetTimestamp();
        var unplaced = _partitions.Positions.Where(position => position is { IsPlaced: false, AwaitsSeek: false }).ToList();
        _hasUnplaced = false;
        ChooseStarts(unplaced.FindAll(position => !position.IsDisplaced));
        try
        {
            if (unplaced.Exists(position => position.IsDisplaced))
                AskForTopics();
            foreach (var position in unplaced.Where(position => position.IsDisplaced))
                Replace(position);
        }
        catch (KafkaException exception)
        {
            Log.StartsNotChosen(_logger, _route.Name, exception.Error.Reason);
        }

        foreach (var position in unplaced)
        {
            // The client reads it already, from elsewhere.
            if (position is { IsPlaced: true, Next: >= 0 })
                position.AwaitSeek();
            NoteUnplaced(position);
        }
    }

    private void Seek(PartitionPosition position)
    {
        var epoch = position.Next == position.FirstNew ? position.LeaderEpoch : -1;
        var error = GroupOffsetList.Seek(_client, new GroupOffset(position.Topic, position.Partition, position.Next, epoch, null), _options.RequestTimeout);
        if (error == ErrorCode.NoError)
        {
            position.Arrive();
            return;
        }

        // An assignment that is being taken up, or given back.
        if (error is not (ErrorCode.Local_State or ErrorCode.Local_PrevInProgress))
            Log.StartsNotChosen(_logger, _route.Name, error.GetReason());
        _hasSeeks = true;
    }

    private void Replace(PartitionPosition position)
    {
        var now = _topics.IdOf(position.Topic);
        var isSameLog = now is not null && now == position.TopicId;
        var reached = Math.Max(position.Read, position.FirstNew);
        if (_start == AutoOffsetReset.Error)
        {
            StopReading(position, $"holds another log than the one read up to offset {reached}");
            return;
        }

        if (isSameLog)
        {
            // The client asked the leader where the log was cut, and goes on there; or the whole of what is left comes again.
            var start = position.WentBackTo >= 0 ? position.WentBackTo : position.Next;
            NoteCut(position, reached, start);
            position.Begin(start, start, -1, -1);
        }
        else if (now is null)
        {
            // Brokers before 2.8 know no ids: what is sure is that the client went back.
            BeginAnew(position, $"was deleted and created anew, or cut, below offset {reached}, which was reached before");
        }
    }

    /// <summary>Takes that the client has no offset to begin at, or one that is not in the log, and was told to choose none itself.</summary>
    private void TakeNoStart(PartitionPosition position) => StopReading(
        position,
        position.Next < 0 ? "has no committed offset" : $"holds no offset {position.Next}, where reading was to go on: it was deleted before it was read, or a broker lost the end of the log");

    private void StopReading(PartitionPosition position, string why)
    {
        position.Stop();
        Say(position.Topic, position.Partition, $"topic '{position.Topic}' partition {position.Partition} {why}, and auto.offset.reset is error: nothing of it is read. "
            + "Stop the detector, set the group's offsets by kafka-consumer-groups --reset-offsets, start it again");
    }

    private void BeginAnew(PartitionPosition position, string what)
    {
        // Asked for: librdkafka takes for the beginning what was that of the topic before.
        var first = _consumer.QueryWatermarkOffsets(Named(position), _options.RequestTimeout).Low.Value;
        position.Begin(first, first, -1, -1);
        Restarted(position, $"{what}; it is read from its beginning, offset {first}", IngestMetrics.Recreated);
    }

    private void NoteCut(PartitionPosition position, long reached, long start) => Restarted(
        position, $"was cut below offset {reached}, which was reached before: a broker lost records; it is read from offset {start}", IngestMetrics.Truncated);

    private void Restarted(PartitionPosition position, string what, string reason)
    {
        // Its records lie at other places now, or come again.
        _processor.Forget(new HashSet<(string, int)> { (position.Topic, position.Partition) }, ForgetReason.AnotherLog);
        _metrics.Restarted(_route.Name, reason);
        Notice($"topic '{position.Topic}' partition {position.Partition} {what}");
    }

    /// <summary>Looks which of the offsets that were passed over were records deleted before they were read.</summary>
    private void MeasureGaps()
    {
        _hasGaps = false;
        foreach (var position in _partitions.Positions)
        {
            if (position.GapFrom < 0)
                continue;
            // Offsets are missing wherever a topic is compacted or holds transactions; what lies below the log's beginning was deleted.
            var start = _consumer.GetWatermarkOffsets(Named(position)).Low.Value;
            var gapFrom = position.GapFrom;
            var (past, unread) = position.TakeGap(start);
            NotePastDeleted(position, gapFrom, past);
            if (unread == 0)
                continue;
            var from = Math.Max(gapFrom, position.FirstNew);
            _metrics.DeletedUnread(_route.Name, unread);
            Notice($"topic '{position.Topic}' partition {position.Partition}: {unread} records from offset {from} on were deleted before they were read; "
                + "raise retention.ms or retention.bytes of the topic, or read faster");
        }
    }

    private void AskForTopics()
    {
        var error = _topics.Ask(_options.RequestTimeout);
        if (error != ErrorCode.NoError)
            throw new KafkaException(error);
    }

    private static TopicPartition Named(PartitionPosition position) => new(position.Topic, position.Partition);
}
