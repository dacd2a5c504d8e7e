using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Variants.Temporal;

/// <summary>Holds the terms of the temporal-difference objective for one draw of the states, each <c>[rows]</c>, nats.</summary>
/// <param name="Reconstruction">-log p_D(x_t2 | z_t2).</param>
/// <param name="Belief">log p_B(z_t2 | b_t2).</param>
/// <param name="Transition">log p_T(z_t2 | z_t1).</param>
/// <param name="Smoothing">KL(q(z_t1 | z_t2, b_t1, b_t2) || p_B(z_t1 | b_t1)): two of the five terms, in closed form.</param>
internal readonly record struct TemporalTerms(Tensor Reconstruction, Tensor Belief, Tensor Transition, Tensor Smoothing)
{
    /// <summary>Adds the terms up to the negative bound, the latent ones by a weight.</summary>
    public Tensor Sum(Tape? tape, float weight = 1)
    {
        var latent = Arithmetic.Add(tape, Arithmetic.Subtract(tape, Belief, Transition), Smoothing);
        return Arithmetic.Add(tape, Reconstruction, Arithmetic.Scale(tape, latent, weight));
    }
}
