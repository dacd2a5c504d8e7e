using AEAnomaly.Models.Persistence;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Holds every parameter of a network, in the order the modules created them.</summary>
/// <remarks>Modules create their parameters through it, so that building a network from a file and building a new one is the same code.</remarks>
internal sealed class ParameterSet
{
    private readonly List<Parameter> _parameters = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly StoredTensors? _stored;
    private readonly ParameterSet? _whole;
    private readonly string _prefix = "";

    /// <summary>Creates an empty set.</summary>
    /// <param name="device">Device of the parameters.</param>
    /// <param name="stored">Tensors of a file, or of another device, to take the values from; null to initialise them.</param>
    public ParameterSet(Device device, StoredTensors? stored = null)
    {
        Device = device;
        _stored = stored;
    }

    private ParameterSet(ParameterSet whole, string prefix)
    {
        Device = whole.Device;
        (_whole, _prefix) = (whole, prefix);
    }

    public Device Device { get; }

    public IReadOnlyList<Parameter> All => _parameters;

    /// <summary>Gets the number of elements of all parameters.</summary>
    public long ElementCount => _parameters.Sum(parameter => (long)parameter.Value.Count);

    /// <summary>Creates an empty set whose parameters belong to this set too, under names that begin with a prefix.</summary>
    /// <param name="prefix">Prefix, unique, with its last dot.</param>
    public ParameterSet Part(string prefix) => new(this, prefix);

    /// <summary>Creates a parameter from the file the set reads, or with initial values.</summary>
    /// <param name="name">Unique name.</param>
    /// <param name="shape">Shape; a stored tensor must have the same.</param>
    /// <param name="role">What the optimiser may do with it.</param>
    /// <param name="initialize">Writes the initial values into zeros.</param>
    /// <exception cref="ModelFileException">The file has no such tensor, or one of another shape.</exception>
    public Tensor Create(string name, Shape shape, ParameterRole role, Action<Span<float>> initialize)
    {
        if (!_names.Add(name))
            throw new ArgumentException($"Two parameters are named '{name}'.", nameof(name));

        if (_whole is not null)
        {
            var shared = _whole.Create(_prefix + name, shape, role, initialize);
            _parameters.Add(new Parameter(name, shared, role));
            return shared;
        }

        float[] values;
        if (_stored is not null)
        {
            values = _stored.Take(name, shape);
        }
        else
        {
            values = new float[shape.Count];
            initialize(values);
        }

        var tensor = Device.Allocate(shape);
        Device.Upload(values, tensor);
        _parameters.Add(new Parameter(name, tensor, role));
        return tensor;
    }

    /// <summary>Copies every parameter to the host, for a set on another device to take its values from.</summary>
    public StoredTensors Store() => new("the trained network", Copy());

    /// <summary>Copies every parameter to the host, in order.</summary>
    public IReadOnlyList<StoredTensor> Copy() =>
        [.. _parameters.Select(parameter => new StoredTensor(parameter.Name, parameter.Value.Shape.ToArray(), parameter.Value.ToArray()))];

    /// <summary>Copies every value to the host, in order.</summary>
    public float[][] Snapshot() => [.. _parameters.Select(parameter => parameter.Value.ToArray())];

    /// <summary>Copies every value to arrays of an earlier snapshot.</summary>
    public void Snapshot(float[][] target)
    {
        for (var i = 0; i < _parameters.Count; i++)
            Device.Download(_parameters[i].Value, target[i]);
    }

    /// <summary>Puts the values of a snapshot back.</summary>
    public void Restore(float[][] snapshot)
    {
        for (var i = 0; i < _parameters.Count; i++)
            Device.Upload(snapshot[i], _parameters[i].Value);
    }
}
