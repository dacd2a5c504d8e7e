using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tests.Autograd;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Variants.Plain;
using AEAnomaly.Models.Variants.Regularized;

namespace AEAnomaly.Models.Tests.Variants;

public sealed class RegularizedAutoencoderTests
{
    private readonly Device _device = GradientCheck.NewDevice();

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    public void Sparse_Trained_MeanActivationHitsItsTarget(double target)
    {
        var set = SyntheticRows.Manifold(3000, 10, intrinsic: 3, noise: 0.05, seed: 101);
        var free = MeanActivations(target, weight: 0);
        var held = MeanActivations(target, weight: 5);

        Assert.True(free.Count(mean => Math.Abs(mean - target) < 0.03) < free.Length / 2, "Without penalty, few units should be near the target.");
        Assert.Equal(target, held.Average(), 0.01);
        Assert.All(held, mean => Assert.InRange(mean, target - 0.03, target + 0.03));

        float[] MeanActivations(double activation, double weight)
        {
            var options = new SparseAutoencoderOptions { Hidden = [32], Latent = 40, TargetActivation = activation, SparsityWeight = weight };
            var network = TestNetworks.Create<SparseAutoencoder>(options, set);
            TestNetworks.Fit(network, set, 800, 3e-3, 256);
            var codes = network.Encode(null, TestNetworks.All(network, set).Values);
            return AEAnomaly.Models.Autograd.Reduction.Mean(null, codes, 0, 0).ToArray();
        }
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(7, 33)]
    [InlineData(33, 1)]
    public void BernoulliKl_OddSizes_EqualsTheClosedFormAndItsGradient(int rows, int units)
    {
        var logits = GradientCheck.Normal(_device, new Shape(rows, units), 102);
        Tensor Units(AEAnomaly.Models.Autograd.Tape? tape, Tensor x) => AEAnomaly.Models.Autograd.ElementWise.Apply(tape, UnaryFunction.Sigmoid, x);
        GradientCheck.Run((tape, x) => BernoulliKl.OfMeans(tape, Units(tape, x[0]), 0.1), logits);

        var values = Units(null, logits).ToArray();
        var expected = Enumerable.Range(0, units).Sum(unit =>
        {
            var mean = Enumerable.Range(0, rows).Average(row => (double)values[(row * units) + unit]);
            return (0.1 * Math.Log(0.1 / mean)) + (0.9 * Math.Log(0.9 / (1 - mean)));
        });
        Assert.Equal(expected, BernoulliKl.OfMeans(null, Units(null, logits), 0.1).ToArray()[0], 1e-4 * (1 + expected));
    }

    [Fact]
    public void Contractive_Penalty_EqualsTheNumericalJacobianOfTheEncoder()
    {
        var set = SyntheticRows.Mixed(9, missingShare: 0, seed: 103);
        var network = TestNetworks.Create<ContractiveAutoencoder>(new ContractiveAutoencoderOptions { Latent = 33 }, set);
        var penalties = network.JacobianNorms(null, network.Encode(null, TestNetworks.All(network, set).Values)).ToArray();
        var expected = JacobianNorms(network, set);
        for (var row = 0; row < set.Rows; row++)
            Assert.Equal(expected[row], penalties[row], 1e-3 * expected[row]);
    }

    [Fact]
    public void Contractive_PenaltyOfWeightsAndCodes_MatchesCentralDifferences()
    {
        var set = SyntheticRows.Manifold(7, 5, 2, 0.1, seed: 104);
        var network = TestNetworks.Create<ContractiveAutoencoder>(new ContractiveAutoencoderOptions { Latent = 9, JacobianWeight = 3 }, set);
        var batch = TestNetworks.All(network, set);
        Tensor[] learned = [.. network.Parameters.All.Where(parameter => parameter.Role != Models.Modules.ParameterRole.Constant).Select(parameter => parameter.Value)];
        GradientCheck.Run((tape, _) => network.RowLosses(tape, batch, LossContext.HeldOut), learned);
    }

    [Fact]
    public void Contractive_Trained_JacobianIsSmallerThanThatOfThePlainAutoencoder()
    {
        var set = SyntheticRows.Manifold(2000, 8, intrinsic: 2, noise: 0.05, seed: 105);
        var contractive = TestNetworks.Create<ContractiveAutoencoder>(new ContractiveAutoencoderOptions { Latent = 32, JacobianWeight = 0.5 }, set);
        var free = TestNetworks.Create<ContractiveAutoencoder>(new ContractiveAutoencoderOptions { Latent = 32, JacobianWeight = 0 }, set);
        var plain = TestNetworks.Create<Autoencoder>(new AutoencoderOptions { Hidden = [32], Latent = 32 }, set);
        foreach (var network in new DenseAutoencoder[] { contractive, free, plain })
            TestNetworks.Fit(network, set, 600, 3e-3, 256);

        var some = new TrainingSet(set.Layout, set.Values, 50);
        var (held, without, other) = (JacobianNorms(contractive, some).Average(), JacobianNorms(free, some).Average(), JacobianNorms(plain, some).Average());
        Assert.True(held < 0.6 * without, $"Mean squared Jacobian norm {held} with, {without} without the penalty.");
        Assert.True(held < 0.6 * other, $"Mean squared Jacobian norm {held} with the penalty, {other} for 'ae'.");
    }

    private static double[] JacobianNorms(DenseAutoencoder network, TrainingSet set)
    {
        const float Step = 0.01f;
        var width = set.Layout.Width;
        var norms = new double[set.Rows];
        for (var feature = 0; feature < width; feature++)
        {
            var (above, below) = (Codes(Step), Codes(-Step));
            var latent = above.Length / set.Rows;
            for (var i = 0; i < above.Length; i++)
                norms[i / latent] += Math.Pow((above[i] - below[i]) / (2 * Step), 2);

            float[] Codes(float shift)
            {
                var values = set.Values.AsSpan(0, set.Rows * width).ToArray();
                for (var row = 0; row < set.Rows; row++)
                    values[(row * width) + feature] += shift;
                return network.Encode(null, TestNetworks.All(network, new TrainingSet(set.Layout, values, set.Rows)).Values).ToArray();
            }
        }

        return norms;
    }
}
