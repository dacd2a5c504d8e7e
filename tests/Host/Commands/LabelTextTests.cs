using AEAnomaly.Host.Commands.Data;

namespace AEAnomaly.Host.Tests.Commands;

public sealed class LabelTextTests
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
    public void IsAnomaly_NormalWords_IsFalse(string text) => Assert.False(LabelText.IsAnomaly(text));

    [Theory]
    [InlineData("1")]
    [InlineData("1.0")]
    [InlineData("-1")]
    [InlineData("true")]
    [InlineData("neptune")]
    [InlineData("abnormal")]
    [InlineData("yes")]
    public void IsAnomaly_AnythingElse_IsTrue(string text) => Assert.True(LabelText.IsAnomaly(text));
}
