using AEAnomaly.Host.Configuration;

namespace AEAnomaly.Host.Tests.Configuration;

public sealed class FieldPathRuleTests
{
    private const string Dotted = "paths are dotted names such as payer.country";

    [Theory]
    [InlineData("$.payment.amount", Dotted + ", without $ or @ in front.")]
    [InlineData("$['payment']['amount']", Dotted + ", without $ or @ in front; lists have no positions.")]
    [InlineData("@.amount", Dotted + ", without $ or @ in front.")]
    [InlineData("items[0].price", Dotted + "; lists have no positions.")]
    [InlineData("items[*].price", Dotted + "; lists have no positions.")]
    [InlineData("items[-1]", Dotted + "; lists have no positions.")]
    [InlineData("items[].price", Dotted + "; lists have no positions.")]
    [InlineData("payment['amount']", Dotted + "; lists have no positions.")]
    [InlineData("items[?(@.id==1)].price", Dotted + "; lists have no positions.")]
    [InlineData("/payment/amount", Dotted + ", without slashes.")]
    [InlineData("#/payment/amount", Dotted + ", without slashes.")]
    [InlineData("payment->>'amount'", Dotted + ", without arrows.")]
    [InlineData(".payment.amount", Dotted + ", with a name before and after each dot.")]
    [InlineData("payment..amount", Dotted + ", with a name before and after each dot.")]
    [InlineData("payment.amount.", Dotted + ", with a name before and after each dot.")]
    public void Check_PathOfAnotherLanguage_SaysWhatPathsAre(string path, string expected) =>
        Assert.Equal(
            [$"line 9: detectors[0].fields[0].path: found '{path}'; {expected}"],
            Configured.Errors(Configured.Minimal + $"        path: \"{path}\"\n"));

    [Fact]
    public void Check_NameThatIsAJsonPath_IsAnErrorToo() =>
        Assert.Equal(
            [$"line 7: detectors[0].fields[0].name: found '$.amount'; {Dotted}, without $ or @ in front."],
            Configured.Errors(Configured.Minimal.Replace("name: amount", "name: $.amount", StringComparison.Ordinal)));

    [Theory]
    [InlineData("temperature[0]", "name", Dotted + "; lists have no positions. It is read as the name of one property or column.")]
    [InlineData("/var", "name", Dotted + ", without slashes. It is read as the name of one property or column.")]
    [InlineData("items.0.price", "path", "0 is read as the name of a property: lists have no positions.")]
    public void Check_NameThatMayBeMeant_IsAWarning(string text, string key, string expected) =>
        Assert.Equal([$"detectors[0].fields[0].{key}: found '{text}'; {expected}"], Warnings(key, text));

    [Theory]
    [InlineData("payer.country")]
    [InlineData("amount [EUR]")]
    [InlineData("a->b", "path: a")]
    [InlineData("km/h")]
    [InlineData("_id.$oid")]
    [InlineData("@id")]
    [InlineData("<DATE>")]
    [InlineData("v1.0")]
    public void Check_OrdinaryName_IsTaken(string name, string? path = null) => Assert.Empty(Warnings("name", name, path));

    private static string[] Warnings(string key, string text, string? more = null)
    {
        var yaml = key == "name"
            ? Configured.Minimal.Replace("name: amount", $"name: \"{text}\"", StringComparison.Ordinal) + (more is null ? "" : $"        {more}\n")
            : Configured.Minimal + $"        {key}: \"{text}\"\n";
        var warnings = new List<string>();
        using var input = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(yaml));
        ConfigurationLoader.Load("-", new Dictionary<string, string>(), input, warning => warnings.Add($"{warning.Path}: {warning.Message}"));
        return [.. warnings];
    }
}
