using System.Text.Json;
using System.Text.Json.Nodes;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.Features;

public sealed class EncoderDescriptionTests
{
    [Theory]
    [InlineData(NumericScaling.Auto)]
    [InlineData(NumericScaling.Standard)]
    [InlineData(NumericScaling.Robust)]
    [InlineData(NumericScaling.Quantile)]
    [InlineData(NumericScaling.Log1p)]
    public void Restore_DescriptionThroughJson_EncodesBitIdentically(NumericScaling scaling)
    {
        var random = new Random(5);
        var batch = SampleRecords.Numbers([.. Enumerable.Range(0, 3000).Select(_ => SampleRecords.Normal(random) / 3)], scaling);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        var restored = FeatureEncoder.Restore(batch.Spec, ThroughJson(encoder.Describe()));

        Assert.Equal(Bits(encoder, batch), Bits(restored, batch));
    }

    [Fact]
    public void Restore_MixedFields_KeepsLayoutFieldsAndBits()
    {
        var batch = SampleRecords.Mixed(300);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        var restored = FeatureEncoder.Restore(batch.Spec, ThroughJson(encoder.Describe()));

        Assert.Equal(encoder.Layout.Blocks.ToArray(), restored.Layout.Blocks.ToArray());
        Assert.Equal(Bits(encoder, batch), Bits(restored, batch));
        Assert.Equal(
            JsonSerializer.Serialize(encoder.Describe()), JsonSerializer.Serialize(restored.Describe()));
    }

    [Fact]
    public void Restore_UnusedField_KeepsItsReason()
    {
        var batch = SampleRecords.NumbersBesideRowNumber([double.NaN, double.NaN, double.NaN]);
        var encoder = FeatureEncoder.Fit(batch.Spec, batch);

        var restored = FeatureEncoder.Restore(batch.Spec, ThroughJson(encoder.Describe()));

        Assert.Equal([new UnusedField("x", "missing in every training record")], restored.UnusedFields);
        Assert.Equal(1, restored.FieldOfBlock(0));
    }

    [Fact]
    public void Restore_OtherSpec_NamesBothHashes()
    {
        var batch = SampleRecords.Mixed(100);
        var other = SampleRecords.Numbers([1, 2], NumericScaling.Auto).Spec;

        var error = Assert.Throws<ArgumentException>(() => FeatureEncoder.Restore(other, FeatureEncoder.Fit(batch.Spec, batch).Describe()));

        Assert.Contains(batch.Spec.Hash, error.Message, StringComparison.Ordinal);
        Assert.Contains(other.Hash, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"field":"y","kind":"numeric","transform":"standard","center":0,"scale":1}""", "'y' stands in its place")]
    [InlineData("""{"field":"x","kind":"boolean","transform":"boolean","constant":false}""", "its kind is 'boolean', declared is 'numeric'")]
    [InlineData("""{"field":"x","kind":"numeric","transform":"cubic"}""", "'transform' is 'cubic', which no numeric field has")]
    [InlineData("""{"field":"x","kind":"numeric","transform":"category","frequent":["a"],"rare":[],"open":false}""", "'transform' is 'category', which no numeric field has")]
    [InlineData("""{"field":"x","kind":"numeric","transform":"standard","scale":1}""", "'center' is missing")]
    [InlineData("""{"field":"x","kind":"numeric","transform":"standard","center":"0","scale":1}""", "'center' must be a finite number; found String")]
    [InlineData("""{"field":"x","kind":"numeric","transform":"standard","center":1e999,"scale":1}""", "'center' must be a finite number; found Number")]
    [InlineData("""{"field":"x","kind":"numeric","transform":"log1p","center":0,"scale":0}""", "'scale' must be above 0; found 0")]
    [InlineData("""{"field":"x","kind":"numeric","transform":"quantile","values":[1,1],"normals":[-1,1],"scale":1}""", "'values' must rise; value 1 is 1 after 1")]
    [InlineData("""{"field":"x","kind":"numeric","transform":"quantile","values":[1,2,3],"normals":[-1,1],"scale":1}""", "found 3 and 2")]
    [InlineData("""{"field":"x","kind":"numeric","transform":"standard","center":0,"scale":1,"maximum":2,"whole":true}""", "'minimum' is missing")]
    [InlineData("""{"field":"x","kind":"numeric","transform":"standard","center":0,"scale":1,"minimum":3,"maximum":2,"whole":true}""", "'maximum' must be at least 'minimum', 3; found 2")]
    [InlineData("""{"field":"x","kind":"numeric","transform":"absent","reason":"none"}""", "no field has features")]
    [InlineData("7", "expected an object, found Number")]
    public void Restore_DamagedNumericField_SaysWhatIsWrong(string json, string expected)
    {
        var spec = SampleRecords.Numbers([1, 2], NumericScaling.Auto).Spec;

        var error = Assert.Throws<ArgumentException>(() => FeatureEncoder.Restore(spec, new EncoderDescription(spec.Hash, [Element(json)])));

        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"field":"shop","kind":"categorical","transform":"category","frequent":["a","b"],"rare":["a"],"open":false}""", "category 'a' is listed twice")]
    [InlineData("""{"field":"shop","kind":"categorical","transform":"category","frequent":[],"rare":[],"open":false}""", "it names no category")]
    [InlineData("""{"field":"shop","kind":"categorical","transform":"category","frequent":["a"],"rare":["b"],"open":true}""", "an open vocabulary")]
    [InlineData("""{"field":"shop","kind":"categorical","transform":"category","frequent":["a",1],"rare":[],"open":true}""", "'frequent' must be texts; found Number")]
    [InlineData("""{"field":"shop","kind":"categorical","transform":"category","frequent":["a"],"rare":[],"open":"no"}""", "'open' must be true or false; found String")]
    public void Restore_DamagedCategory_SaysWhatIsWrong(string json, string expected)
    {
        var spec = SampleRecords.Texts(["a"]).Spec;

        var error = Assert.Throws<ArgumentException>(() => FeatureEncoder.Restore(spec, new EncoderDescription(spec.Hash, [Element(json)])));

        Assert.Contains("field 'shop' is damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_FieldLeftOut_NamesBothCounts()
    {
        var batch = SampleRecords.Mixed(100);
        var description = FeatureEncoder.Fit(batch.Spec, batch).Describe();

        var error = Assert.Throws<ArgumentException>(
            () => FeatureEncoder.Restore(batch.Spec, description with { Fields = [.. description.Fields.Take(3)] }));

        Assert.Contains("holds 3 fields, the spec has 4 feature fields", error.Message, StringComparison.Ordinal);
    }

    private static EncoderDescription ThroughJson(EncoderDescription description) =>
        JsonSerializer.Deserialize<EncoderDescription>(JsonSerializer.Serialize(description))!;

    private static JsonElement Element(string json) => JsonSerializer.SerializeToElement(JsonNode.Parse(json));

    private static int[] Bits(FeatureEncoder encoder, RecordBatch batch)
    {
        var rows = new EncodedRows();
        encoder.Encode(batch, 0, batch.Count, rows);
        return [.. rows.Values.ToArray().Select(BitConverter.SingleToInt32Bits)];
    }
}
