namespace AEAnomaly.Models.Generation;

/// <summary>Names where the codes of new rows come from.</summary>
public enum CodeSource
{
    /// <summary>The Gaussian fitted to the codes of held-out rows; the prior where codes lie on a space that a Gaussian does not describe.</summary>
    Fitted,

    /// <summary>The prior that the codes were held to while the network learned.</summary>
    Prior,
}
