using System.Buffers.Binary;
using System.Text;
using AEAnomaly.Models.Persistence;

namespace AEAnomaly.Models.Tests.Persistence;

public sealed class SafetensorsReaderTests
{
    [Fact]
    public void Parse_ForeignFile_ReadsMetadataAndPaddingAsTheFormatAllows()
    {
        var tensors = Parse(
            """{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}   """,
            [1.5f, -2f, 3f]);
        Assert.Equal(["a", "b"], tensors.Select(tensor => tensor.Name));
        Assert.Equal([1.5f], tensors[0].Values);
        Assert.Equal([-2f, 3f], tensors[1].Values);
        Assert.Equal([1, 1], tensors[0].Shape);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,8]}}""", "tensor 'a' has type 'F16'; expected 'F32'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "tensor 'a' lies at 0 to 8; expected 0 to 12 within 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "tensor 'a' lies at 0 to 12; expected 0 to 12 within 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "tensor 'a' lies at 4 to 8; expected 0 to 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", "tensor 'a' lies at -4 to 0; expected 0 to 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "tensor 'b' lies at 4 to 8; expected 8 to 12")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "8 bytes of data found; the header describes 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", "tensor 'a' has shape []")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", "tensor 'a' has shape [0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,2],"data_offsets":[0,8]}}""", "tensor 'a' has shape [1, 1, 1, 1, 2]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,8]}}""", "tensor 'a' lies at 0 to 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999],"data_offsets":[0,8]}}""", "not a safetensors header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}""", "3 data offsets; expected 2")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "names tensor 'a' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "not a safetensors header")]
    [InlineData("""{"a":7}""", "not a safetensors header")]
    [InlineData("""[1]""", "not a safetensors header")]
    [InlineData("""{"a":""", "not a safetensors header")]
    [InlineData("""{} {}""", "not a safetensors header")]
    public void Parse_BrokenHeader_NamesFileFoundAndExpected(string header, string expected)
    {
        var error = Assert.Throws<ModelFileException>(() => Parse(header, [1f, 2f]));
        Assert.StartsWith("'some.file': ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, "3 bytes found")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 }, "header length 18446744073709551615 does not fit a file of 8 bytes")]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}' }, "header length 9 does not fit a file of 10 bytes")]
    public void Parse_BrokenLength_NamesFileAndLength(byte[] bytes, string expected) =>
        Assert.Contains(
            expected, Assert.Throws<ModelFileException>(() => SafetensorsReader.Parse("some.file", bytes)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_NotFiniteWeight_NamesTensorAndIndex()
    {
        var error = Assert.Throws<ModelFileException>(
            () => Parse("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", [1f, float.NaN]));
        Assert.Contains("tensor 'a' holds NaN at index 1", error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<StoredTensor> Parse(string header, float[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + (data.Length * 4)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)text.Length);
        text.CopyTo(bytes, 8);
        for (var i = 0; i < data.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(8 + text.Length + (i * 4)), data[i]);
        return SafetensorsReader.Parse("some.file", bytes);
    }
}
