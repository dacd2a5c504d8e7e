using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.Records;

public sealed class MaskingTests
{
    [Theory]
    [InlineData("4000111122224242", "************4242")]
    [InlineData("12345678", "****5678")]
    [InlineData("12345", "***45")]
    [InlineData("1234", "**34")]
    [InlineData("1", "*")]
    [InlineData("", "")]
    [InlineData("abcdefg😀xyz", "*********xyz")]
    public void Mask_AnyLength_HidesAtLeastHalf(string value, string expected) => Assert.Equal(expected, Masking.Mask(value));
}
