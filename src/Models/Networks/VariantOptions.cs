using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Scores;

namespace AEAnomaly.Models.Networks;

/// <summary>Sets the shape of a network; each variant derives its own options from this.</summary>
public abstract class VariantOptions
{
    /// <summary>Gets or sets the widths of the encoder's hidden layers; the decoder mirrors them.</summary>
    /// <value>Default empty: derived from the number of features.</value>
    [Description("Widths of the encoder's hidden layers, mirrored by the decoder; empty derives them from the number of features.")]
    public IList<int> Hidden { get; set; } = [];

    /// <summary>Gets or sets the width of the latent vector.</summary>
    /// <value>Default null: derived from the number of features.</value>
    [Range(1, 4096)]
    [Description("Width of the latent vector; derived from the number of features when not given.")]
    public int? Latent { get; set; }

    /// <summary>Gets or sets what records are judged by; several are joined as tail probabilities among normal records.</summary>
    /// <value>Default empty: what the variant is judged by best, <c>VariantDescriptor.DefaultScores</c>; for most its own score.</value>
    [Description("What records are judged by; empty: the variant's own score, of denoising reconstruction and the three nearest_*. Several are joined by their tail probabilities among held-out records.")]
    public IList<ScoreKind> Scores { get; set; } = [];

    /// <summary>Gets or sets the normal rows that the nearest_* scores remember, and that records with missing fields are completed from.</summary>
    /// <value>Default 3,500: with 2,000 the result depends on which rows they are (measured on ten open sets). The memory holds at most 4,194,304 numbers, those to complete from 524,288, so very wide rows are fewer.</value>
    [Range(1, 65_536)]
    [Description("Normal rows that the nearest_* scores remember, and that records with missing fields are completed from; at most 4,194,304 and 524,288 numbers, so very wide rows are fewer.")]
    public int MemoryRows { get; set; } = 3500;

    /// <summary>Gets or sets the nearest remembered rows whose distances are averaged, after the two nearest.</summary>
    /// <value>Default 5.</value>
    [Range(1, 16)]
    [Description("Nearest remembered rows whose distances the nearest_* scores average.")]
    public int Neighbors { get; set; } = 5;

    /// <summary>Copies the options, with other scores.</summary>
    /// <param name="scores">What records are judged by.</param>
    public VariantOptions JudgedBy(IList<ScoreKind> scores)
    {
        var copy = (VariantOptions)MemberwiseClone();
        copy.Scores = scores;
        return copy;
    }
}
