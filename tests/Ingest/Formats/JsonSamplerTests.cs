using System.Text;
using AEAnomaly.Detection.Features;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Tests.Formats;

public sealed class JsonSamplerTests
{
    [Fact]
    public void ToColumns_BadMessagesBetween_LeaveNoTrace()
    {
        var sampler = new JsonSampler(new JsonDecoderOptions { MaxDepth = 3 });

        Assert.True(sampler.TryAdd("""{"a":{"b":"x"},"n":1.50}"""u8, out _));
        Assert.False(sampler.TryAdd("""{"a":{"b":"x"},"z":1"""u8, out var truncated));
        Assert.False(sampler.TryAdd("""{"z":[[[1]]]}"""u8, out var deep));
        Assert.False(sampler.TryAdd("""{"z":1} {}"""u8, out var trailing));
        Assert.True(sampler.TryAdd("""{"n":true,"l":[],"o":{},"u":"\u00e9"}"""u8, out _));

        Assert.Equal(2, sampler.Count);
        Assert.Equal(
            ["a.b: Text x, Missing ", "n: Number 1.50, Boolean true", "l: Missing , Nested ", "u: Missing , Text \u00e9"],
            sampler.ToColumns().Select(c => $"{c.Path}: {string.Join(", ", c.Values.Select(v => $"{v.Kind} {v.Text}"))}"));
        Assert.Equal("Byte 20: the message ends before its JSON object is complete", truncated.Message);
        Assert.Equal(("too_deep", "Byte 7: objects or arrays are nested deeper than the limit of 3"), (deep.Reason, deep.Message));
        Assert.Equal("Byte 8: not valid JSON, found {}", trailing.Message);
    }

    [Fact]
    public void TryAdd_HalfASurrogatePair_ShowsTheTextAsWritten()
    {
        var sampler = new JsonSampler(new JsonDecoderOptions());

        Assert.True(sampler.TryAdd(Encoding.UTF8.GetBytes("{\"a\":\"\\ud800\"}"), out _));

        Assert.Equal(new SampleValue(SampleValueKind.Text, "\"\\ud800\""), sampler.ToColumns()[0].Values[0]);
    }
}
