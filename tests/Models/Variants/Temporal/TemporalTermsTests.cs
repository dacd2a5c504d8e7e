using AEAnomaly.Models.Features;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.Training;

namespace AEAnomaly.Models.Tests.Variants.Temporal;

public sealed class TemporalTermsTests
{
    [Theory]
    [InlineData(1, 1, 0.0)]
    [InlineData(1, 3, 0.3)]
    [InlineData(2, 2, 0.3)]
    [InlineData(3, 3, 0.0)]
    public void Terms_FixedWeightsAndNoise_AgreeWithDoublePrecisionOneByOne(int levels, int jump, double missingShare)
    {
        var options = TemporalCase.Options(levels);
        var set = SyntheticRows.Windows(SyntheticRows.Mixed(40, missingShare, seed: 3), options.Window);
        var network = TemporalCase.Network(set.Layout, options);
        var reference = new DoubleTemporal(network.Parameters, set.Layout, options);
        var device = network.Parameters.Device;
        var later = TemporalCase.Draws(device, options, set.Rows, 11);
        var earlier = TemporalCase.Draws(device, options, set.Rows, 12);

        var terms = network.Terms(null, TestNetworks.All(network, set), jump, later.Levels, earlier.Levels);

        var found = new[] { terms.Reconstruction, terms.Belief, terms.Transition, terms.Smoothing, terms.Sum(null) }.Select(term => term.ToArray()).ToArray();
        for (var row = 0; row < set.Rows; row++)
        {
            var (values, missing) = TemporalCase.Window(set, row);
            var (reconstruction, belief, transition, smoothing) = reference.Terms(values, missing, jump, later.Rows[row], earlier.Rows[row]);
            double[] expected = [reconstruction, belief, transition, smoothing, reconstruction + belief - transition + smoothing];
            for (var term = 0; term < expected.Length; term++)
                Assert.Equal(expected[term], found[term][row], 1e-5 * (1 + Math.Abs(expected[term])));
            Assert.True(smoothing > 0.01, $"A smoothing divergence of {smoothing} would prove little.");
        }
    }

    [Theory]
    [InlineData(BlockKind.Real)]
    [InlineData(BlockKind.Binary)]
    [InlineData(BlockKind.Category)]
    public void Terms_OneKindOfBlock_AgreeWithDoublePrecision(BlockKind kind)
    {
        var options = TemporalCase.Options(1);
        var layout = new FeatureLayout([new FeatureBlock(0, 3, kind)]);
        float[] values = [0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0];
        var set = SyntheticRows.Windows(new TrainingSet(layout, values, 6), options.Window);
        var network = TemporalCase.Network(layout, options);
        var reference = new DoubleTemporal(network.Parameters, layout, options);
        var later = TemporalCase.Draws(network.Parameters.Device, options, 2, 13);
        var earlier = TemporalCase.Draws(network.Parameters.Device, options, 2, 14);

        var found = network.Terms(null, TestNetworks.All(network, set), 1, later.Levels, earlier.Levels).Reconstruction.ToArray();

        for (var row = 0; row < 2; row++)
        {
            var expected = reference.Terms(TemporalCase.Window(set, row).Values, [false], 1, later.Rows[row], earlier.Rows[row]).Reconstruction;
            Assert.Equal(expected, found[row], 1e-5 * (1 + Math.Abs(expected)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Energies_FixedDraws_AverageTheTermsOverDrawsAndJumps(int levels)
    {
        var options = TemporalCase.Options(levels);
        var set = SyntheticRows.Windows(SyntheticRows.Mixed(20, 0.2, seed: 4), options.Window);
        var network = TemporalCase.Network(set.Layout, options);
        var reference = new DoubleTemporal(network.Parameters, set.Layout, options);
        var signs = network.Draws.ToArray().Select(sign => (double)sign).ToArray();
        Assert.All(signs, sign => Assert.Equal(1, Math.Abs(sign)));
        Assert.InRange(signs.Count(sign => sign > 0), 5, 25);

        var found = network.Energies(TestNetworks.All(network, set), 2 * options.DrawPairs).ToArray();

        for (var row = 0; row < set.Rows; row++)
        {
            var (values, missing) = TemporalCase.Window(set, row);
            var sum = 0.0;
            for (var draw = 0; draw < 2 * options.DrawPairs; draw++)
            {
                double[] own = [.. signs.AsSpan(draw / 2 * 10, 10).ToArray().Select(sign => draw % 2 == 0 ? sign : -sign)];
                for (var jump = 1; jump <= 3; jump++)
                {
                    var terms = reference.Terms(values, missing, jump, own[..5], own[5..]);
                    sum += terms.Reconstruction + terms.Belief - terms.Transition + terms.Smoothing;
                }
            }

            var expected = sum / (6 * options.DrawPairs);
            Assert.Equal(expected, found[row], 1e-5 * (1 + Math.Abs(expected)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Terms_Smoothing_IsTheMeanOfTheTwoTermsItStandsFor(int levels)
    {
        const int Draws = 20_000;
        var options = TemporalCase.Options(levels);
        var set = SyntheticRows.Windows(SyntheticRows.Mixed(5, 0, seed: 5), options.Window);
        var network = TemporalCase.Network(set.Layout, options);
        var reference = new DoubleTemporal(network.Parameters, set.Layout, options);
        var (random, later) = (new SeededRandom(21), Normals(new SeededRandom(22)));
        var (window, missing) = TemporalCase.Window(set, 0);
        var (difference, squares) = (0.0, 0.0);
        for (var draw = 0; draw < Draws; draw++)
        {
            // Lower levels are compared at the upper levels of the same draw: only the mean over the draws is the same.
            var noise = Normals(random);
            var own = reference.SmoothingTerms(window, 2, later, noise) - reference.Terms(window, missing, 2, later, noise).Smoothing;
            difference += own / Draws;
            squares += own * own / Draws;
        }

        Assert.True(squares > 0.1, $"A variance of {squares} would prove little.");
        Assert.InRange(difference, -4 * Math.Sqrt(squares / Draws), 4 * Math.Sqrt(squares / Draws));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Terms_MeanOverTheDraws_BoundsTheNegativeLogPredictive(int levels)
    {
        const int Draws = 4_000;
        var options = TemporalCase.Options(levels);
        var set = SyntheticRows.Windows(SyntheticRows.Mixed(12, 0, seed: 6), options.Window);
        var network = TemporalCase.Network(set.Layout, options);
        var reference = new DoubleTemporal(network.Parameters, set.Layout, options);
        for (var row = 0; row < 3; row++)
        {
            var (window, missing) = TemporalCase.Window(set, row);
            var copies = new TrainingSet(
                set.Layout, set.Values, set.Records, null, set.Window, [.. Enumerable.Repeat(row, Draws)]);
            var bound = network.Terms(
                null,
                TestNetworks.All(network, copies),
                2,
                TemporalCase.Draws(network.Parameters.Device, options, Draws, 31).Levels,
                TemporalCase.Draws(network.Parameters.Device, options, Draws, 32).Levels).Sum(null).ToArray();
            var exact = -reference.LogPredictive(window, missing, 2, 30_000, 33);
            var mean = bound.Average(value => (double)value);
            var error = Math.Sqrt(bound.Average(value => (value - mean) * (value - mean)) / Draws);
            Assert.True(mean + (4 * error) > exact, $"The bound {mean} is below the negative log predictive {exact}.");

            // Random maps are far from the true posterior, yet not without relation to it.
            Assert.InRange(mean - exact, 0, 30);
        }
    }

    private static double[] Normals(SeededRandom random) => [.. Enumerable.Range(0, 5).Select(_ => random.NextNormal())];
}
