namespace AEAnomaly.Models.Tests.Variants;

/// <summary>Measures how well scores rank anomalies.</summary>
internal static class Ranking
{
    /// <summary>Computes the share of pairs of an anomaly and a normal row in which the anomaly scores higher; equal scores count half.</summary>
    public static double AreaUnderRoc(float[] scores, bool[] isAnomaly)
    {
        var normal = scores.Where((_, row) => !isAnomaly[row]).Order().ToArray();
        var anomalies = scores.Where((_, row) => isAnomaly[row]).ToArray();
        return anomalies.Average(score =>
        {
            var below = normal.Count(other => other < score);
            return (below + (normal.Count(other => other == score) / 2.0)) / normal.Length;
        });
    }
}
