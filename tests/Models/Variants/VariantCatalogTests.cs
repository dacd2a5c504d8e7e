using AEAnomaly.Models.Features;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Plain;
using AEAnomaly.Models.Variants.Variational;

namespace AEAnomaly.Models.Tests.Variants;

public sealed class VariantCatalogTests
{
    [Fact]
    public void All_DefaultFirst_EveryMemberIsComplete()
    {
        Assert.Equal("denoising", VariantCatalog.All[0].Name);
        foreach (var descriptor in VariantCatalog.All)
        {
            Assert.True(VariantCatalog.TryGet(descriptor.Name, out var found));
            Assert.Same(descriptor, found);
            var options = VariantCatalog.CreateOptions(descriptor.Name);
            Assert.IsType(descriptor.OptionsType, options);
            Assert.Same(descriptor, VariantCatalog.Describe(options));
            Assert.NotNull(descriptor.OptionsType.GetConstructor(Type.EmptyTypes));
            Assert.NotEmpty(descriptor.Summary);
            Assert.NotEmpty(descriptor.Reference);
        }
    }

    [Fact]
    public void CreateOptions_UnknownName_ListsTheKnownOnes()
    {
        Assert.False(VariantCatalog.TryGet("VAE", out var descriptor));
        Assert.Null(descriptor);
        var error = Assert.Throws<ArgumentException>(() => VariantCatalog.CreateOptions("VAE"));
        Assert.StartsWith("There is no variant 'VAE'; known are denoising, ae, linear, stacked-denoising,", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1.0, 2, "128-64")]
    [InlineData(6, 1.0, 4, "128-64")]
    [InlineData(6, 0.5, 3, "128-64")]
    [InlineData(9, 0.5, 5, "128-64")]
    [InlineData(196, 0.5, 21, "128-64")]
    [InlineData(600, 1.0, 32, "320-160")]
    [InlineData(5000, 1.0, 32, "512-256")]
    public void Resolve_OpenWidths_DerivesThemFromTheLayout(int features, double share, int latent, string hidden)
    {
        var options = new AutoencoderOptions();
        var resolved = NetworkWidths.Resolve(options, FeatureLayout.AllReal(features), share);
        Assert.Equal((latent, hidden), (resolved.Latent, string.Join('-', resolved.Hidden)));
        Assert.Null(options.Latent);
        Assert.Empty(options.Hidden);
    }

    [Fact]
    public void Resolve_WideCategory_CountsItAsOneField()
    {
        var layout = new FeatureLayout([new FeatureBlock(0, 500, BlockKind.Category), new FeatureBlock(500, 1, BlockKind.Real)]);
        Assert.Equal(2, NetworkWidths.Resolve(new AutoencoderOptions(), layout, 1).Latent);
    }

    [Fact]
    public void Resolve_GivenWidths_KeepsEveryOption()
    {
        var options = new VariationalAutoencoderOptions { Hidden = [10, 5], Latent = 3, KlWeight = 0.5, KlWarmUpShare = 0.1, NoiseVariance = 0.7 };
        var resolved = Assert.IsType<VariationalAutoencoderOptions>(NetworkWidths.Resolve(options, FeatureLayout.AllReal(100), 1));
        Assert.Equal([10, 5], resolved.Hidden);
        Assert.Equal((3, 0.5, 0.1, 0.7), (resolved.Latent, resolved.KlWeight, resolved.KlWarmUpShare, resolved.NoiseVariance));
    }
}
