using AEAnomaly.Detection.Features;

namespace AEAnomaly.Detection.Tests.Features;

public sealed class LabelWordTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("0.0")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("false")]
    [InlineData("False")]
    [InlineData("normal")]
    [InlineData("Normal.")]
    [InlineData("BENIGN")]
    [InlineData("no")]
    public void IsAnomaly_NormalWords_IsFalse(string text) => Assert.False(LabelWord.IsAnomaly(text, []));

    [Theory]
    [InlineData("1")]
    [InlineData("1.0")]
    [InlineData("-1")]
    [InlineData("true")]
    [InlineData("neptune")]
    [InlineData("abnormal")]
    [InlineData("yes")]
    public void IsAnomaly_AnythingElse_IsTrue(string text) => Assert.True(LabelWord.IsAnomaly(text, []));
}
