using System.Text;
using System.Text.Json.Nodes;
using AEAnomaly.Detection.Alerts;

namespace AEAnomaly.Detection.Tests.Alerts;

public sealed class ShortAlertTests
{
    [Fact]
    public void Of_AlertWithLongTexts_KeepsItsFormAndIsShort()
    {
        var schema = AlertSchema.Read();
        var alert = schema.Example.DeepClone().AsObject();
        var entity = new string('€', 400_000);
        alert["entity"]!["value"] = entity;
        alert["dedup_key"] = "payments|" + entity;
        alert["evidence"]!["fields"]!["merchant"] = entity;
        Assert.Empty(schema.Validate(alert));

        var body = ShortAlert.Of(Encoding.UTF8.GetBytes(alert.ToJsonString()))!;
        var shorter = JsonNode.Parse(body)!.AsObject();

        Assert.Empty(schema.Validate(shorter));
        Assert.InRange(body.Length, 500, 4_000);
        Assert.Empty(shorter["features"]!.AsArray());
        Assert.Empty(shorter["evidence"]!["fields"]!.AsObject());
        Assert.Equal(alert["id"]!.ToString(), shorter["id"]!.ToString());
        Assert.Equal(alert["evidence"]!["offset"]!.ToString(), shorter["evidence"]!["offset"]!.ToString());
        Assert.Equal(alert["response"]!.ToJsonString(), shorter["response"]!.ToJsonString());
        Assert.StartsWith("€€€", (string)shorter["entity"]!["value"]!, StringComparison.Ordinal);
        Assert.Contains("(400000 characters, SHA-256 ", (string)shorter["entity"]!["value"]!, StringComparison.Ordinal);
        Assert.NotEqual((string)shorter["entity"]!["value"]!, (string)shorter["dedup_key"]!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42")]
    [InlineData("[1]")]
    [InlineData("{\"a\":")]
    public void Of_NoObject_IsNull(string body) => Assert.Null(ShortAlert.Of(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Shorten_PairOfSurrogatesAtTheCut_IsLeftOutWhole()
    {
        var text = new string('x', 127) + "😀" + new string('y', 300);

        Assert.StartsWith(new string('x', 127) + "… (429 characters", ShortAlert.Shorten(text), StringComparison.Ordinal);
        Assert.Equal("short", ShortAlert.Shorten("short"));
    }
}
