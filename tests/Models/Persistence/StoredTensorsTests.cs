using AEAnomaly.Models.Persistence;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Tests.Persistence;

public sealed class StoredTensorsTests
{
    private readonly StoredTensors _stored = new("some.file", [new StoredTensor("a", [2], [1f, 2f]), new StoredTensor("extra", [1], [3f])]);

    [Fact]
    public void RequireEmpty_TensorNobodyTook_NamesIt()
    {
        Assert.Equal([1f, 2f], _stored.Take("a", new Shape(2)));
        var error = Assert.Throws<ModelFileException>(_stored.RequireEmpty);
        Assert.Equal("'some.file': the network has no tensor 'extra'; the file belongs to another network.", error.Message);
        _stored.Take("extra", new Shape(1));
        _stored.RequireEmpty();
    }

    [Fact]
    public void Take_MissingOrMisshapen_NamesTensorAndShapes()
    {
        Assert.Contains("tensor 'b' [3] is missing", Assert.Throws<ModelFileException>(() => _stored.Take("b", new Shape(3))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "tensor 'a' has shape [2]; the description expects [1, 2]",
            Assert.Throws<ModelFileException>(() => _stored.Take("a", new Shape(1, 2))).Message,
            StringComparison.Ordinal);
    }
}
