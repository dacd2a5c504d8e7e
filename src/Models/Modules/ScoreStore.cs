using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Keeps what scores were fitted to among the constants of a model, so that one file and one hash hold everything.</summary>
/// <param name="parameters">The model's parameters; a set read from a file gives its tensors back.</param>
internal sealed class ScoreStore(ParameterSet parameters)
{
    /// <summary>Keeps values.</summary>
    /// <param name="name">Name after "scores.".</param>
    /// <param name="shape">Shape.</param>
    /// <param name="values">Values, row-major, finite.</param>
    public void Put(string name, Shape shape, float[] values) =>
        parameters.Create($"scores.{name}", shape, ParameterRole.Constant, kept => values.CopyTo(kept));

    /// <summary>Takes values back.</summary>
    /// <exception cref="Persistence.ModelFileException">There is no such tensor, or it has another shape.</exception>
    public float[] Take(string name, Shape shape) =>
        parameters.Create($"scores.{name}", shape, ParameterRole.Constant, static _ => throw new InvalidOperationException("The set was not read from a file.")).ToArray();
}
