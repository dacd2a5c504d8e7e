using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Values;
using CsCheck;

namespace AEAnomaly.Detection.Tests.Values;

/// <summary>Holds the parsers of values to what was written. A failure names the seed that repeats it.</summary>
public sealed class ValueTextProperties
{
    private static readonly Gen<DateTime> Time = Gen.DateTime.Select(time => new DateTime(Math.Max(time.Ticks, TimeSpan.TicksPerDay * 366), DateTimeKind.Utc));

    [Fact]
    public void Number_WrittenInAnyForm_ReadsAsTheSameBits() =>
        Gen.Select(Gen.Double.Where(double.IsFinite), Gen.OneOf("R", "E16", "E25", "F40", "G17"), Gen.OneOf("", " ", "\t", " \t"))
            .Sample((number, format, blanks) =>
            {
                var text = blanks + number.ToString(format, CultureInfo.InvariantCulture) + blanks;
                var expected = double.Parse(text, CultureInfo.InvariantCulture);

                Assert.Equal(ValueStatus.Fine, NumberText.TryParse(Encoding.UTF8.GetBytes(text), out var value));
                Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
            });

    [Fact]
    public void Number_AnyBytes_AreANumberOrSayWhyNot() =>
        Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Char["0123456789+-.eEnaif \t"].Array[0, 40].Select(text => Encoding.UTF8.GetBytes(text))).Sample(bytes =>
        {
            var status = NumberText.TryParse(bytes, out var value);

            Assert.True(status == ValueStatus.Fine ? double.IsFinite(value) : value == 0, $"{status}, {value}");
            // What JSON calls a number is one, if it is not too large.
            if (NumberText.IsJsonNumber(bytes))
                Assert.NotEqual(ValueStatus.WrongType, status);
        });

    [Fact]
    public void Time_WrittenInAnyForm_ReadsAsTheSameInstant() =>
        (from time in Time
         from format in Gen.OneOf(
             "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ssZ", "yyyy/MM/dd HH:mm:ss", "yyyyMMddTHHmmssZ", "dd/MMM/yyyy:HH:mm:ss +0000", "ddd, dd MMM yyyy HH:mm:ss GMT",
             "MMM d, yyyy h:mm:ss tt", "ddd MMM d HH:mm:ss yyyy")
         select (time, format)).Sample(x =>
        {
            var text = x.time.ToString(x.format.Replace("Z", "'Z'", StringComparison.Ordinal).Replace("T", "'T'", StringComparison.Ordinal).Replace("GM'T'", "'GMT'", StringComparison.Ordinal), CultureInfo.InvariantCulture);

            Assert.Equal(ValueStatus.Fine, TimestampText.TryParse(Encoding.UTF8.GetBytes(text), out var seconds));
            Assert.Equal(Math.Floor((x.time - DateTime.UnixEpoch).TotalSeconds), seconds);
        });

    [Fact]
    public void Time_WithAnyOffset_ReadsAsTheSameInstant() =>
        (from time in Time.Where(time => time.Year is > 2 and < 9999)
         from minutes in Gen.Int[-14 * 60, 14 * 60]
         select new DateTimeOffset(time).ToOffset(TimeSpan.FromMinutes(minutes))).Sample(time =>
        {
            var text = time.ToString("yyyy-MM-ddTHH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture);

            Assert.Equal(ValueStatus.Fine, TimestampText.TryParse(Encoding.UTF8.GetBytes(text), out var seconds));
            // A double holds seconds of these centuries to some ten microseconds.
            Assert.Equal((time - DateTimeOffset.UnixEpoch).TotalSeconds, seconds, 5e-5);
        });

    [Fact]
    public void Time_AnyBytes_AreATimeOrSayWhyNot() =>
        Gen.OneOf(Gen.Byte.Array[0, 70], Gen.Char["0123456789-/:.,+ TZJanFebAPMGt"].Array[0, 40].Select(text => Encoding.UTF8.GetBytes(text))).Sample(bytes =>
        {
            var status = TimestampText.TryParse(bytes, out var seconds);

            Assert.True(status == ValueStatus.Fine ? double.IsFinite(seconds) : seconds == 0, $"{status}, {seconds}");
        });
}
