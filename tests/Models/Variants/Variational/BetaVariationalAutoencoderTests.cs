using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants.Variational;

namespace AEAnomaly.Models.Tests.Variants.Variational;

public sealed class BetaVariationalAutoencoderTests
{
    private static readonly TrainingSet Rows = SyntheticRows.Manifold(2000, 8, intrinsic: 3, noise: 0.1, seed: 111);

    [Fact]
    public void Train_BetaOne_EqualsTheVariationalAutoencoderBitForBit()
    {
        var set = SyntheticRows.Mixed(500, missingShare: 0.1, seed: 112);
        var training = new TrainingOptions { MaxSteps = 150 };
        var beta = ModelTrainer.Train(set, new BetaVariationalAutoencoderOptions { Beta = 1 }, training, TimeProvider.System);
        var plain = ModelTrainer.Train(set, new VariationalAutoencoderOptions(), training, TimeProvider.System);
        var other = ModelTrainer.Train(set, new BetaVariationalAutoencoderOptions { Beta = 1.01 }, training, TimeProvider.System);

        Assert.Equal(plain.Network.Parameters.Snapshot(), beta.Network.Parameters.Snapshot());
        Assert.Equal(ModelTrainerTests.Scores(plain, set), ModelTrainerTests.Scores(beta, set));
        Assert.NotEqual(plain.Network.Parameters.Snapshot(), other.Network.Parameters.Snapshot());
    }

    [Fact]
    public void Fit_GrowingBeta_DivergenceFalls()
    {
        var (small, middle, large) = (Divergence(new() { Beta = 0.25 }), Divergence(new() { Beta = 1 }), Divergence(new() { Beta = 4 }));
        Assert.True(small > middle + 0.3 && middle > large + 0.3, $"Mean divergence {small}, {middle} and {large} nats at beta 0.25, 1 and 4.");
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(4.0)]
    public void Fit_Capacity_DivergenceIsHeldToIt(double capacity) =>
        Assert.Equal(capacity, Divergence(new() { Beta = 50, Capacity = capacity }), 0.25);

    [Fact]
    public void RowLosses_DuringTheSchedule_CapacityGrowsWithProgress()
    {
        var network = TestNetworks.Create<BetaVariationalAutoencoder>(
            new BetaVariationalAutoencoderOptions { Beta = 10, Capacity = 30, CapacityShare = 0.5, Latent = 2 }, Rows);
        var batch = TestNetworks.All(network, Rows);
        double Loss(double progress) => network.RowLosses(null, batch, new LossContext(progress, null)).ToArray()[0];

        // An untrained encoder carries far less than 15 nats: the penalty is beta (C - KL).
        Assert.Equal(10 * 30 * 0.25, Loss(0.375) - Loss(0.25), 1e-2);
        Assert.Equal(10 * 30 * 0.5, Loss(0.5) - Loss(0.25), 1e-2);
        Assert.Equal(Loss(0.5), Loss(1));
    }

    private static double Divergence(BetaVariationalAutoencoderOptions options)
    {
        options.Hidden = [32];
        options.Latent = 4;
        options.KlWarmUpShare = 0;
        var network = TestNetworks.Create<BetaVariationalAutoencoder>(options, Rows);
        TestNetworks.Fit(network, Rows, 900, 3e-3, 256);
        var (mean, logVariance) = network.Encode(null, TestNetworks.All(network, Rows).Values);
        return mean.ToArray().Zip(logVariance.ToArray(), (m, v) => 0.5 * ((m * m) + Math.Exp(v) - v - 1)).Sum() / Rows.Rows;
    }
}
