using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Persistence;

/// <summary>Holds the tensors read from a weights file until a network takes them.</summary>
internal sealed class StoredTensors
{
    private readonly string _path;
    private readonly Dictionary<string, StoredTensor> _tensors;

    public StoredTensors(string path, IEnumerable<StoredTensor> tensors)
    {
        _path = path;
        _tensors = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>Takes the values of a tensor out.</summary>
    /// <exception cref="ModelFileException">There is no such tensor, or it has another shape.</exception>
    public float[] Take(string name, Shape shape)
    {
        if (!_tensors.Remove(name, out var tensor))
            throw new ModelFileException($"'{_path}': tensor '{name}' {shape} is missing; the file belongs to another network.");
        if (!tensor.Shape.AsSpan().SequenceEqual(shape.ToArray()))
        {
            throw new ModelFileException(
                $"'{_path}': tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}]; the description expects {shape}.");
        }

        return tensor.Values;
    }

    /// <summary>Checks that every tensor was taken.</summary>
    /// <exception cref="ModelFileException">One is left; the message names it.</exception>
    public void RequireEmpty()
    {
        if (_tensors.Count > 0)
        {
            throw new ModelFileException(
                $"'{_path}': the network has no tensor '{_tensors.Keys.Order(StringComparer.Ordinal).First()}'; the file belongs to another network.");
        }
    }
}
