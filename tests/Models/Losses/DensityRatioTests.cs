using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tests.Autograd;

namespace AEAnomaly.Models.Tests.Losses;

public sealed class DensityRatioTests
{
    [Theory]
    [InlineData(1, 7)]
    [InlineData(7, 1)]
    [InlineData(33, 7)]
    public void RowLosses_OddSizes_MatchCentralDifferencesOfTheOutputLayer(int rows, int width)
    {
        var device = GradientCheck.NewDevice();
        var parameters = new ParameterSet(device);
        var ratio = new DensityRatio(parameters, "discriminator", width, 9, new SeededRandom(181));
        var first = GradientCheck.Normal(device, new Shape(rows, width), 182);
        var second = GradientCheck.Normal(device, new Shape(rows, width), 183);

        // The hidden layers have kinks where a difference would straddle one; the output layer has none.
        Tensor[] output = [.. ratio.Learned.Where(parameter => parameter.Name.StartsWith("discriminator.2.", StringComparison.Ordinal)).Select(parameter => parameter.Value)];
        Assert.Equal(2, output.Length);
        GradientCheck.Run((tape, _) => ratio.RowLosses(tape, first, second), output);
    }
}
