namespace AEAnomaly.Models.Frozen;

/// <summary>Holds what the mean of one latent group is computed from.</summary>
/// <param name="Prior">Decoder state to prior mean.</param>
/// <param name="Residual">Decoder state and encoder layer to the posterior's shift.</param>
/// <param name="Injection">Code to what is added to the state.</param>
internal sealed record FrozenLatentGroup(DenseLayer Prior, DenseLayer Residual, DenseLayer Injection);
