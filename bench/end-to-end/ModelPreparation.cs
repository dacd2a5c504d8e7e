namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Trains the model versions that every run loads, the way the daemon does at its first start: from the topic's history into the store.</summary>
internal static class ModelPreparation
{
    public static async Task<int> RunAsync(Words words)
    {
        foreach (var name in words.Text("detectors").Split(','))
        {
            using var stopping = new CancellationTokenSource();
            await using var bench = new BenchDetector(name, words.Text("models"), words.Text("bootstrap"));
            await bench.StartAsync(stopping.Token);
            await stopping.CancelAsync();
        }

        return 0;
    }
}
