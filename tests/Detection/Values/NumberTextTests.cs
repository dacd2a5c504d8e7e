using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Values;

namespace AEAnomaly.Detection.Tests.Values;

public sealed class NumberTextTests
{
    [Fact]
    public void TryParse_RandomDecimals_EqualTheFrameworksParser()
    {
        var random = new Random(11);
        for (var i = 0; i < 50_000; i++)
        {
            var text = new StringBuilder(random.Next(2) == 0 ? "-" : "");
            var digits = random.Next(1, 22);
            var point = random.Next(0, digits + 1);
            for (var d = 0; d < digits; d++)
            {
                if (d == point && d > 0)
                    text.Append('.');
                text.Append((char)('0' + random.Next(10)));
            }

            if (random.Next(8) == 0)
                text.Append(CultureInfo.InvariantCulture, $"e{random.Next(-30, 30)}");
            var expected = double.Parse(text.ToString(), CultureInfo.InvariantCulture);

            Assert.Equal(ValueStatus.Fine, NumberText.TryParse(Encoding.UTF8.GetBytes(text.ToString()), out var value));
            Assert.True(BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(value), text.ToString());
        }
    }

    [Theory]
    [InlineData("", nameof(ValueStatus.WrongType))]
    [InlineData(" ", nameof(ValueStatus.WrongType))]
    [InlineData("1,000", nameof(ValueStatus.WrongType))]
    [InlineData("1 000", nameof(ValueStatus.WrongType))]
    [InlineData("0x10", nameof(ValueStatus.WrongType))]
    [InlineData("--1", nameof(ValueStatus.WrongType))]
    [InlineData("1..2", nameof(ValueStatus.WrongType))]
    [InlineData("info", nameof(ValueStatus.WrongType))]
    [InlineData("+Inf", nameof(ValueStatus.NotFinite))]
    [InlineData("nan", nameof(ValueStatus.NotFinite))]
    [InlineData("Infinity", nameof(ValueStatus.NotFinite))]
    [InlineData("-1e309", nameof(ValueStatus.NotFinite))]
    [InlineData("+5", nameof(ValueStatus.Fine))]
    [InlineData(".5", nameof(ValueStatus.Fine))]
    [InlineData("5.", nameof(ValueStatus.Fine))]
    public void TryParse_EdgeForms_AreToldApart(string text, string expected) =>
        Assert.Equal(expected, NumberText.TryParse(Encoding.UTF8.GetBytes(text), out _).ToString());

    [Theory]
    [InlineData("0", true)]
    [InlineData("-0.5e-7", true)]
    [InlineData("10", true)]
    [InlineData("01", false)]
    [InlineData("+1", false)]
    [InlineData(".5", false)]
    [InlineData("5.", false)]
    [InlineData("1e", false)]
    [InlineData("-", false)]
    [InlineData("", false)]
    [InlineData("1 ", false)]
    public void IsJsonNumber_Grammar_IsThatOfRfc8259(string text, bool expected) =>
        Assert.Equal(expected, NumberText.IsJsonNumber(Encoding.UTF8.GetBytes(text)));
}
