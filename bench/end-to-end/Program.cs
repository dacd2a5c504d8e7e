using AEAnomaly.Bench.EndToEnd;

// "compare" and "delivery" are the benches; they start the others as processes of their own, so that nothing is shared but the cluster.
try
{
    var words = new Words(args.AsSpan(Math.Min(1, args.Length)));
    switch (args.FirstOrDefault())
    {
        case "compare":
            return await Comparison.RunAsync(words);
        case "delivery":
            return await DeliveryComparison.RunAsync(words);
        case "host":
            return ClusterHost.Run(words);
        case "train":
            return await ModelPreparation.RunAsync(words);
        case "detect":
            return await DetectorRun.RunAsync(words);
        default:
            Console.Error.WriteLine(
                "usage: AEAnomaly.Bench.EndToEnd compare --python FILE [--pairs N] [--records N] [--partitions N] [--out FILE]\n" +
                "       AEAnomaly.Bench.EndToEnd delivery --bootstrap HOST:PORT --kafka DIR --peer FILE [--rounds N] [--records N] [--partitions N] [--latency-seconds N] [--out FILE]\n" +
                "       AEAnomaly.Bench.EndToEnd host|train|detect ...   (started by compare)");
            return 2;
    }
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine($"error: {exception.Message}");
    return 2;
}
catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
{
    Console.Error.WriteLine($"error: {exception.Message}");
    return 1;
}
