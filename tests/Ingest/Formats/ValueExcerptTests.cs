using System.Text;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Tests.Formats;

/// <summary>What a message shows of a value is short and printable, whatever the value holds.</summary>
public sealed class ValueExcerptTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Köln", "Köln")]
    [InlineData("a\tb\u001b[31m\u0085", "a\uFFFDb\uFFFD[31m\uFFFD")]
    [InlineData("0123456789012345678901234567890123456789", "0123456789012345678901234567890123456789")]
    [InlineData("0123456789012345678901234567890123456789x", "0123456789012345678901234567890123456789...")]
    // The euro sign's three bytes would be cut after the first.
    [InlineData("012345678901234567890123456789012345678€", "012345678901234567890123456789012345678...")]
    public void Of_Text_IsCutAtFortyBytesBetweenCharacters(string value, string expected) => Assert.Equal(expected, ValueExcerpt.Of(Encoding.UTF8.GetBytes(value)));

    [Fact]
    public void Of_InvalidUtf8_ShowsAReplacementForEachFault() => Assert.Equal("a\uFFFDb\uFFFD", ValueExcerpt.Of([(byte)'a', 0xFF, (byte)'b', 0xE2, 0x82]));
}
