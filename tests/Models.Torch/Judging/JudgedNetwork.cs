using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Builds the same network with the same rows on any device.</summary>
internal static class JudgedNetwork
{
    private const int Records = 300;

    // Biases and triangles start at zero, where a wrong gradient can hide. Much more, and flows amplify rounding.
    private const double Spread = 0.01;

    // Odd, beside and beyond every vector width; no two windows the same.
    private static readonly int[] Rows = [.. Enumerable.Range(0, 37).Select(i => i * 7)];

    /// <summary>Gets circumstances in the middle of a run, with noise: the same draws each time.</summary>
    public static LossContext Training => new(0.5, new SeededRandom(7));

    /// <summary>Builds a network whose parameters are all moved a little, and gathers rows.</summary>
    /// <param name="options">Options of any variant.</param>
    /// <param name="kind">One of <see cref="JudgedRows.Kinds"/>.</param>
    /// <param name="device">Device of both.</param>
    public static (Network Network, Batch Batch) Build(VariantOptions options, string kind, Device device)
    {
        var set = JudgedRows.Draw(kind, options, Records);
        var definition = VariantCatalog.Define(options);
        var resolved = definition.Resolve(options, set.Layout);
        var network = definition.CreateNetwork(resolved, set.Layout, new ParameterSet(device), BlockWeights.Fit(set, Rows), new SeededRandom(3));
        var batch = new BatchSource(device, set).Gather(Rows);
        network.Initialize(batch);

        var random = new SeededRandom(5);
        foreach (var parameter in network.Parameters.All.Where(parameter => parameter.Role != ParameterRole.Constant))
            device.Upload(Array.ConvertAll(parameter.Value.ToArray(), value => value + (float)(Spread * random.NextNormal())), parameter.Value);
        return (network, batch);
    }

    /// <summary>Lists the parameters that follow an objective's gradient.</summary>
    public static IReadOnlyList<Parameter> Learned(TrainingObjective objective) =>
        [.. objective.Parameters.Where(parameter => parameter.Role != ParameterRole.Constant)];

    /// <summary>Computes losses and the gradients of <see cref="Learned"/> on our tape.</summary>
    public static (float[] Losses, float[][] Gradients) Gradients(TrainingObjective objective, Batch batch)
    {
        var device = batch.Values.Device;
        var tape = new Tape(device);
        foreach (var parameter in Learned(objective))
            tape.Watch(parameter.Value);
        var losses = objective.RowLosses(tape, batch, Training);
        tape.Backward(losses, device.Create(losses.Shape, TorchAutograd.Seed(losses.Count)));
        return (losses.ToArray(), [.. Learned(objective).Select(parameter => tape.Gradient(parameter.Value)!.ToArray())]);
    }
}
