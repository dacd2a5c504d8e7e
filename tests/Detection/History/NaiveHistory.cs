using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.History;

/// <summary>The features of a record by the formulas of docs/history.md, from all records before it: nothing is decayed step by step, nothing is forgotten.</summary>
internal sealed class NaiveHistory(RecordBatch batch)
{
    private const double Prior = 2, LeastRecords = 10, SmallestVariance = 1e-6, Usual = 30 * 86_400.0;

    public static readonly (string Name, double Seconds)[] Lives = [("30m", 1_800), ("12h", 43_200), ("4d", 345_600)];

    public Dictionary<string, double> Features(int row)
    {
        var card = Text(HistoryRecords.Card, row);
        var before = Enumerable.Range(0, row).ToArray();
        var own = Array.FindAll(before, i => Text(HistoryRecords.Card, i) == card);
        var newest = own.Length == 0 ? double.NaN : own.Max(Seconds);
        var now = own.Length == 0 ? Seconds(row) : Math.Max(newest, Seconds(row));
        var everybody = Math.Max(before.Length == 0 ? double.NegativeInfinity : before.Max(Seconds), Seconds(row));
        var (amount, category) = (Log(Amount(row)), Text(HistoryRecords.Category, row));
        var features = new Dictionary<string, double>();
        foreach (var (name, life) in Lives)
        {
            features[$"count_{name}"] = own.Sum(i => Fade(now - Seconds(i), life));
            features[$"amount_sum_{name}"] = own.Where(i => !double.IsNaN(Amount(i))).Sum(i => Fade(now - Seconds(i), life) * Amount(i));
        }

        var all = Moments(before, everybody);
        features["amount_usual"] = Deviations(amount, Moments(own, now), all);
        features["amount_usual_in_category"] = category is null ? double.NaN : Deviations(amount, Within(own, category, now), all);
        features["amount_usual_in_category_of_all"] = category is null ? double.NaN : Deviations(amount, Within(before, category, everybody), all);

        var (weight, total) = (Weight(own, category, now), Weight(own, null, now));
        var known = own.Select(i => Text(HistoryRecords.Category, i)).Where(text => text is not null).Distinct().Count();
        features["category_share"] = category is null ? double.NaN : Math.Max(0, -Math.Log((weight + 0.5) / (total + (0.5 * (known + 1)))));
        features["category_share_of_all"] =
            category is null ? double.NaN : Math.Max(0, -Math.Log((Weight(before, category, everybody) + 0.5) / (Weight(before, null, everybody) + 0.5)));
        features["category_first_seen"] =
            category is null ? double.NaN : own.Length > 0 && !own.Any(i => Text(HistoryRecords.Category, i) == category) ? 1 : 0;
        features["gap"] = Math.Max(0, Seconds(row) - newest);
        features["went_back"] = Seconds(row) < newest ? 1 : 0;
        AddWay(features, row, own);
        return features;
    }

    private void AddWay(Dictionary<string, double> features, int row, int[] own)
    {
        // The last place of a record that did not come late.
        var last = -1;
        var seen = double.NegativeInfinity;
        foreach (var i in own)
        {
            if (Seconds(i) >= seen && !double.IsNaN(batch.Numbers(HistoryRecords.Latitude)[i]))
                last = i;
            seen = Math.Max(seen, Seconds(i));
        }

        features["distance"] = last < 0 ? double.NaN : Kilometres(last, row);
        features["speed"] = last < 0 ? double.NaN : Math.Min(100_000, features["distance"] * 3_600 / Math.Max(1, Math.Abs(Seconds(row) - Seconds(last))));
    }

    private double Kilometres(int from, int to)
    {
        var (a, b) = (Place(from), Place(to));
        return 6371.0088 * Math.Acos(Math.Clamp((Math.Sin(a.Latitude) * Math.Sin(b.Latitude)) + (Math.Cos(a.Latitude) * Math.Cos(b.Latitude) * Math.Cos(a.Longitude - b.Longitude)), -1, 1));
    }

    private (double Latitude, double Longitude) Place(int i) =>
        (double.DegreesToRadians(batch.Numbers(HistoryRecords.Latitude)[i]), double.DegreesToRadians(batch.Numbers(HistoryRecords.Longitude)[i]));

    // A category weighs as much as its records, those without an amount included.
    private (double Weight, double Mean, double Variance) Within(int[] rows, string category, double now)
    {
        var mine = Array.FindAll(rows, i => Text(HistoryRecords.Category, i) == category);
        return Moments(mine, now);
    }

    private (double Weight, double Mean, double Variance) Moments(int[] rows, double now)
    {
        var counted = Array.FindAll(rows, i => !double.IsNaN(Amount(i)));
        var weights = Array.ConvertAll(counted, i => Fade(now - Seconds(i), Usual));
        var values = Array.ConvertAll(counted, i => Log(Amount(i)));
        var sum = weights.Sum();
        var mean = sum > 0 ? weights.Zip(values, (w, v) => w * v).Sum() / sum : 0;
        return (sum, mean, sum > 0 ? weights.Zip(values, (w, v) => w * (v - mean) * (v - mean)).Sum() / sum : 0);
    }

    private double Weight(int[] rows, string? category, double now) =>
        rows.Where(i => Text(HistoryRecords.Category, i) is { } text && (category is null || text == category)).Sum(i => Fade(now - Seconds(i), Usual));

    private static double Deviations(double number, (double Weight, double Mean, double Variance) moments, (double Weight, double Mean, double Variance) everybody) =>
        double.IsNaN(number) ? double.NaN
        : !(moments.Weight > 0) || everybody.Weight < LeastRecords ? 0
        : (number - moments.Mean) / Math.Sqrt(Math.Max(SmallestVariance, ((moments.Weight * moments.Variance) + (Prior * everybody.Variance)) / (moments.Weight + Prior)) * (1 + (1 / moments.Weight)));

    private static double Fade(double passed, double life) => Math.Pow(0.5, passed / life);

    private static double Log(double amount) => amount < 0 ? -Math.Log(1 - amount) : Math.Log(1 + amount);

    private double Seconds(int row) => batch.Numbers(HistoryRecords.Time)[row];

    private double Amount(int row) => batch.Numbers(HistoryRecords.Amount)[row];

    private string? Text(int field, int row) => batch.IsMissing(field, row) ? null : System.Text.Encoding.UTF8.GetString(batch.Text(field, row));
}
