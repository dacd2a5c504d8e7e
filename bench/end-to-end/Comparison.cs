namespace AEAnomaly.Bench.EndToEnd;
internal static class Comparison { public static Task<int> RunAsync(Words words) => Task.FromResult(1); }
