using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.CrossDomain;

namespace AEAnomaly.Bench.Engine;

/// <summary>Measures what scoring costs with each variant of single records, default options, beside <c>ae</c> of the same input width: short slices of all in turn.</summary>
internal static class CostBench
{
    private const string Plain = "ae";
    private const int TrainingRows = 6000;
    private const int Batch = 256;

    public static IEnumerable<CostSample> Run(Options options)
    {
        foreach (var features in new[] { 30, 128 })
        {
            var rows = Rows(TrainingRows + Batch, features);
            var fields = Enumerable.Range(0, features).Select(i => $"f{i}").ToList();
            var layout = new FeatureLayout(Enumerable.Range(0, features).Select(i => new FeatureBlock(i, 1, BlockKind.Real)), fields);
            var set = new TrainingSet(layout, rows[..(TrainingRows * features)], TrainingRows);
            var queries = rows[(TrainingRows * features)..];
            var works = Candidates(fields)
                .Where(candidate => candidate.Name == Plain || $"cost {candidate.Name}".Contains(options.Only, StringComparison.Ordinal))
                .Select(candidate => (candidate.Name, Work: Work(set, candidate.Options, queries)))
                .ToList();
            if (works.Count == 1)
                continue;
            foreach (var sample in Measure([.. works.Select(work => work.Name)], [.. works.Select(work => work.Work)], features, options.Slices))
                yield return sample;
        }
    }

    // Every variant that reads single records, and the default one with its error alone.
    private static IEnumerable<(string Name, VariantOptions Options)> Candidates(List<string> fields)
    {
        foreach (var name in VariantCatalog.All.Select(variant => variant.Name))
        {
            var options = VariantCatalog.CreateOptions(name);
            if (options is SequenceOptions)
                continue;
            if (options is CrossDomainOptions crossDomain)
                crossDomain.FirstFields = fields[..(fields.Count / 2)];
            yield return (name, options);
        }

        var alone = VariantCatalog.All[0];
        var plain = VariantCatalog.CreateOptions(alone.Name);
        plain.Scores = [alone.Scores[0]];
        yield return ($"{alone.Name}:{ScoreKinds.NameOf(plain.Scores[0])}", plain);
    }

    private static Action Work(TrainingSet set, VariantOptions options, float[] queries)
    {
        // Weights after a few steps cost what the final ones cost.
        var model = ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = 100 }, TimeProvider.System).Freeze();
        var (scores, scratch) = (new float[Batch], model.CreateScratch());
        return () => model.Score(queries, [], scores, scratch);
    }

    private static IEnumerable<CostSample> Measure(string[] names, Action[] works, int features, int slices)
    {
        var calls = Array.ConvertAll(works, work => Sampler.WarmUp(work, seconds: 1));
        var seconds = works.Select(_ => new double[slices]).ToArray();
        for (var slice = 0; slice < slices; slice++)
        {
            for (var i = 0; i < works.Length; i++)
                seconds[i][slice] = Sampler.Time(works[i], calls[i]) / calls[i];
        }

        var plain = seconds[Array.IndexOf(names, Plain)];
        for (var i = 0; i < works.Length; i++)
        {
            var ratios = seconds[i].Zip(plain, (own, other) => own / other).Order().ToArray();
            yield return new CostSample(names[i], features, seconds[i].Order().ElementAt(slices / 2) / Batch * 1e6, ratios[slices / 2], ratios[0], ratios[^1]);
        }
    }

    // Rows of a few groups that vary in a third of all directions, with noise: what the searches of the nearest_* scores depend on.
    private static float[] Rows(int count, int features)
    {
        var random = new SeededRandom(3);
        var directions = Enumerable.Range(0, features / 3).Select(_ => Enumerable.Range(0, features).Select(_ => random.NextNormal()).ToArray()).ToArray();
        var groups = Enumerable.Range(0, 8).Select(_ => directions.Select(_ => random.NextNormal()).ToArray()).ToArray();
        var rows = new float[count * features];
        for (var row = 0; row < count; row++)
        {
            var group = groups[random.NextInt32(groups.Length)];
            var codes = Array.ConvertAll(group, middle => middle + (0.5 * random.NextNormal()));
            for (var j = 0; j < features; j++)
                rows[(row * features) + j] = (float)((directions.Select((direction, d) => direction[j] * codes[d]).Sum() / Math.Sqrt(1.25 * directions.Length)) + (0.1 * random.NextNormal()));
        }

        return rows;
    }
}
