using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants.Denoising;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Tests.Variants.Denoising;

public sealed class DenoisingAutoencoderTests
{
    private const int Width = 12;

    [Fact]
    public void Train_KnownManifold_RestoresCleanRowsBetterThanThePlainAutoencoder()
    {
        const double Noise = 0.4;
        var training = SyntheticRows.Manifold(4000, Width, intrinsic: 2, noise: 0, seed: 91);
        var options = new TrainingOptions { MaxSteps = 1500 };
        var denoising = ModelTrainer.Train(training, new DenoisingAutoencoderOptions { NoiseDeviation = Noise }, options, TimeProvider.System);
        var plain = ModelTrainer.Train(training, new AutoencoderOptions { Latent = 2 }, options, TimeProvider.System);
        var wide = ModelTrainer.Train(training, new AutoencoderOptions { Hidden = [128], Latent = 128 }, options, TimeProvider.System);

        var clean = SyntheticRows.Manifold(500, Width, intrinsic: 2, noise: 0, seed: 92);
        var corrupted = (float[])clean.Values.Clone();
        var random = new SeededRandom(93);
        foreach (ref var value in corrupted.AsSpan())
            value += (float)(Noise * random.NextNormal());

        var (restored, squeezed, copied) = (Error(denoising), Error(plain), Error(wide));
        Assert.True(restored < 0.9 * squeezed, $"Mean squared error to the clean rows: {restored} denoising, {squeezed} with a code of the manifold's dimension.");
        Assert.True(restored < 0.5 * copied, $"Mean squared error to the clean rows: {restored} denoising, {copied} with the same widths and no noise.");

        double Error(TrainedModel model)
        {
            var frozen = model.Freeze();
            var (scratch, expected) = (frozen.CreateScratch(), new float[Width]);
            var sum = 0.0;
            for (var row = 0; row < clean.Rows; row++)
            {
                frozen.Explain(corrupted.AsSpan(row * Width, Width), [], new float[Width], expected, new float[frozen.LatentWidth], scratch);
                for (var j = 0; j < Width; j++)
                    sum += Math.Pow(expected[j] - clean.Values[(row * Width) + j], 2);
            }

            return sum / (clean.Rows * Width);
        }
    }

    [Theory]
    [InlineData(CorruptionKind.Masking)]
    [InlineData(CorruptionKind.Swap)]
    public void Apply_FieldsReplaced_CorruptsTheGivenShareWhole(CorruptionKind kind)
    {
        var set = SyntheticRows.Mixed(2000, missingShare: 0, seed: 94);
        var device = new CpuDevice();
        var values = device.Create(new Shape(set.Rows, set.Layout.Width), set.Values);
        var corruption = new Corruption(new DenoisingAutoencoderOptions { Corruption = kind, CorruptedShare = 0.25 }, set.Layout);
        var corrupted = corruption.Apply(values, new SeededRandom(95)).ToArray();

        // The first field is continuous: another row's value is another value.
        var changed = Enumerable.Range(0, set.Rows).Count(row => corrupted[row * set.Layout.Width] != set.Values[row * set.Layout.Width]);
        Assert.InRange(changed, 0.25 * set.Rows - 80, 0.25 * set.Rows + 80);
        for (var row = 0; row < set.Rows; row++)
        {
            var category = corrupted.AsSpan((row * set.Layout.Width) + 9, 7);
            var ones = category.ToArray().Sum();
            Assert.True(ones == 1 || (kind == CorruptionKind.Masking && ones == 0), $"Row {row} has {ones} categories.");
        }

        if (kind != CorruptionKind.Swap)
            return;

        var original = new HashSet<float>(Enumerable.Range(0, set.Rows).Select(row => set.Values[row * set.Layout.Width]));
        Assert.All(Enumerable.Range(0, set.Rows), row => Assert.Contains(corrupted[row * set.Layout.Width], original));
    }

    [Fact]
    public void Apply_Gaussian_AddsNoiseOfTheGivenDeviation()
    {
        var device = new CpuDevice();
        var values = device.Create(new Shape(5000, 4), new float[20000]);
        var corruption = new Corruption(new DenoisingAutoencoderOptions { NoiseDeviation = 0.7 }, FeatureLayout.AllReal(4));
        var noise = corruption.Apply(values, new SeededRandom(96)).ToArray();
        Assert.Equal(0.7, Math.Sqrt(noise.Average(value => (double)value * value)), 0.02);
        Assert.NotEqual(noise, corruption.Apply(values, new SeededRandom(97)).ToArray());
    }

    [Fact]
    public void RowLosses_EverythingMasked_MeasuresTheReconstructionOfNothingAgainstTheCleanRow()
    {
        var set = SyntheticRows.Manifold(40, Width, intrinsic: 2, noise: 0, seed: 98);
        var options = new DenoisingAutoencoderOptions { Corruption = CorruptionKind.Masking, CorruptedShare = 1 };
        var network = TestNetworks.Create<DenoisingAutoencoder>(options, set);
        TestNetworks.Fit(network, set, 20, 1e-3, 40);
        var losses = network.RowLosses(null, TestNetworks.All(network, set), new LossContext(0, new SeededRandom(99))).ToArray();

        var (frozen, expected) = (network.Freeze(), new float[Width]);
        frozen.Explain(new float[Width], [], new float[Width], expected, new float[frozen.LatentWidth], frozen.CreateScratch());
        for (var row = 0; row < set.Rows; row++)
        {
            var error = Enumerable.Range(0, Width).Sum(j => Math.Pow(expected[j] - set.Values[(row * Width) + j], 2));
            Assert.Equal(error, losses[row], 1e-4 * error);
        }
    }
}
