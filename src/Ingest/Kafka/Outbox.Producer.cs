using System.Globalization;
using AEAnomaly.Ingest.Native;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

// The client that produces: made, replaced when it failed fatally, ended.
internal sealed partial class Outbox
{
    /// <summary>As <see cref="ConsumerLoop.TakeCredentials"/>; a producer that replaces this one takes them too.</summary>
    public void TakeCredentials(KafkaOptions options)
    {
        _options = options;
        KafkaClients.SetCredentials(_producer, options);
    }

    private void ReplaceFatal()
    {
        Log.Replaced(_logger, _route.Name, _unacknowledged.Count);
        ReplaceProducer();
    }

    private void ReplaceProducer()
    {
        (_isFatal, _isOutgrown, _inFlight) = (false, false, 0);
        _producerNumber++;
        EndProducer();
        _producer = CreateProducer();
        foreach (var lane in _lanes)
        {
            if (lane.WaitingBytes == 0)
                lane.Recover();
            lane.Clear();
        }

        // In the order of handing over: what waits and what the old producer took with it.
        foreach (var message in _unacknowledged)
        {
            if (message.IsAcknowledged)
                continue;
            message.Producer = -1;
            LaneOf(message.Kind).Enqueue(message);
        }
    }

    private IProducer<byte[]?, byte[]?> CreateProducer()
    {
        var properties = KafkaProperties.ForProducer(_options, _route.IsExactlyOnce ? _route.GroupId : null);
        _batchBytes = Math.Min(_limits.BatchBytes, properties.TryGetValue("batch.size", out var own) ? int.Parse(own, CultureInfo.InvariantCulture) : UsualBatchBytes);
        properties["batch.size"] = _batchBytes.ToString(CultureInfo.InvariantCulture);
        // The loop's own thread polls, so nothing here needs a lock.
        properties["dotnet.producer.enable.background.poll"] = "false";
        properties["dotnet.producer.delivery.report.fields"] = "status";
        var producer = KafkaClients.Build(() => new ProducerBuilder<byte[]?, byte[]?>(properties)
            .SetErrorHandler((_, error) =>
            {
                if (error.IsFatal)
                    Fail(_mainKind, error);
                _health.Report(error);
            })
            .SetLogHandler((_, message) => KafkaClients.Forward(_logger, _health, message))
            .Build());
        // Asks for the topics now and not with the first alert: a cluster that creates topics by itself creates them, and where it does not, TopicWatch finds out.
        foreach (var topic in TopicsOf(_route))
            _topics.Add(Librdkafka.TopicNew(ClientHandle.Of(producer.Handle), topic, 0));
        return producer;
    }

    private void EndProducer()
    {
        _topics.ForEach(Librdkafka.TopicDestroy);
        _topics.Clear();
        KafkaClients.End(_producer, _logger);
    }
}
