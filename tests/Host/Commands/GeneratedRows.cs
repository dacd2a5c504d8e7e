using System.Globalization;
using System.Text;

namespace AEAnomaly.Host.Tests.Commands;

/// <summary>Rows with a known answer: normal ones lie on a plane (z = x + y, kind follows the sign of x), anomalies leave it.</summary>
internal static class GeneratedRows
{
    public const string Header = "x,y,z,kind,label";

    /// <summary>Writes rows as CSV; every tenth one is an anomaly when asked for.</summary>
    public static string Csv(int rows, bool withAnomalies = true, int seed = 7, string newLine = "\n")
    {
        var random = new Random(seed);
        var text = new StringBuilder(Header).Append(newLine);
        for (var i = 0; i < rows; i++)
        {
            var x = Normal(random);
            var y = Normal(random);
            var isAnomaly = withAnomalies && i % 10 == 9;
            var z = x + y + (0.05 * Normal(random)) + (isAnomaly ? 6 : 0);
            var kind = x > 0 ^ isAnomaly ? "up" : "down";
            text.Append(CultureInfo.InvariantCulture, $"{x:R},{y:R},{z:R},{kind},{(isAnomaly ? 1 : 0)}").Append(newLine);
        }

        return text.ToString();
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
