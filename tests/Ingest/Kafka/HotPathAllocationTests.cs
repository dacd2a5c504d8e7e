namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>What the loop's thread allocates for each record: nothing. Alone, since a collection that other tests cause is counted as an allocation of some kilobytes.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[Collection(Name)]
public sealed class HotPathAllocationTests
{
    private const string Name = "Alone";

    [Fact]
    public async Task RunAsync_SteadyStream_AllocatesNothingBetweenReadingAndDecoding()
    {
        using var scene = new IngestScene();
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);
        // A batch larger than any before grows the buffers once; how large batches come is the broker's doing. So: warm after some rounds at most.
        const int Round = 20_000;
        long allocated = 0;
        for (var round = 0; round < 5; round++)
        {
            var (bytesBefore, recordsBefore) = (running.Consumer.HotPathAllocatedBytes, running.Consumer.DecodedRecords);
            scene.Produce(round * Round, Round);
            await IngestScene.Until(() => running.Consumer.DecodedRecords - recordsBefore >= Round, "a round is processed");
            allocated = running.Consumer.HotPathAllocatedBytes - bytesBefore;
            if (round > 0 && allocated == 0)
                break;
        }

        await running.StopAsync();
        Assert.Equal(0, allocated);
    }
}
