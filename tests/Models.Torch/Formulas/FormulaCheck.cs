using AEAnomaly.Models.Features;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Torch.Tests.Judging;
using AEAnomaly.Models.Variants;
using TorchSharp;

namespace AEAnomaly.Models.Torch.Tests.Formulas;

/// <summary>What a formula is given: the weights, the rows, and the draws that the variant makes.</summary>
/// <param name="Weights">Weights of the variant.</param>
/// <param name="Options">Its options, every width given.</param>
/// <param name="Layout">Layout of a record.</param>
/// <param name="Values">Rows, double precision.</param>
/// <param name="Present">1 where a field is present, 0 where it is missing; null without missing fields.</param>
/// <param name="Random">Source of the draws.</param>
internal sealed record FormulaCheck(
    CopiedWeights Weights, VariantOptions Options, FeatureLayout Layout, torch.Tensor Values, torch.Tensor? Present, SeededRandom Random)
{
    /// <summary>Draws standard normal values as the variant does.</summary>
    public torch.Tensor Normals(long rows, long columns)
    {
        var values = new float[rows * columns];
        Random.FillNormal(values);
        return torch.tensor(values, [rows, columns]).to(torch.ScalarType.Float64);
    }

    /// <summary>Compares the loss of a variant, in the middle of a run, and every gradient with a formula written in torch, in double precision.</summary>
    /// <param name="options">Options of the variant.</param>
    /// <param name="formula">Computes the loss of each row.</param>
    public static void Run(VariantOptions options, Func<FormulaCheck, torch.Tensor> formula)
    {
        foreach (var kind in JudgedRows.Kinds)
        {
            var (network, batch) = JudgedNetwork.Build(options, kind, new CpuDevice());
            var objective = network.Phases[0].Objectives[0];
            var (losses, gradients) = JudgedNetwork.Gradients(objective, batch);

            using var noCollection = NoCollection.Begin();
            using var scope = torch.NewDisposeScope();
            var weights = new CopiedWeights(network.Parameters.All);
            var resolved = VariantCatalog.Define(options).Resolve(options, network.Layout);
            var expected = formula(new FormulaCheck(
                weights, resolved, network.Layout, Double(batch.Values)!, Double(batch.Present), JudgedNetwork.Training.Noise!));
            expected.dot(torch.tensor(TorchAutograd.Seed(losses.Length)).to(torch.ScalarType.Float64)).backward();

            AssertClose($"{kind}: loss", [.. expected.data<double>().ToArray().Select(value => (float)value)], losses, 1e-5);
            foreach (var (parameter, gradient) in JudgedNetwork.Learned(objective).Zip(gradients))
                AssertClose($"{kind}: gradient of {parameter.Name}", weights.Gradient(parameter.Name), gradient, 5e-4);
        }
    }

    private static torch.Tensor? Double(Tensor? tensor) =>
        tensor is null ? null : torch.tensor(tensor.ToArray(), [tensor.Shape[0], tensor.Shape[1]]).to(torch.ScalarType.Float64);

    private static void AssertClose(string what, float[] expected, float[] found, double bound)
    {
        var difference = Difference.Largest(expected, found);
        Assert.True(difference <= bound, $"{what} differs by {difference:0.0E+0}");
    }
}
