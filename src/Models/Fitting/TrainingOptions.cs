using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Models.Fitting;

/// <summary>Sets how a network is fitted; the same for every variant.</summary>
public sealed class TrainingOptions
{
    /// <summary>Gets or sets the seed of every random choice.</summary>
    /// <value>Default 1.</value>
    [Description("Seed of every random choice; the same data and seed give the same model.")]
    public int Seed { get; set; } = 1;

    /// <summary>Gets or sets the share of rows held out for early stopping and the threshold.</summary>
    /// <value>Default 0.2.</value>
    [Range(0.05, 0.5)]
    [Description("Share of the rows held out for early stopping and for the threshold.")]
    public double HeldOutShare { get; set; } = 0.2;

    /// <summary>Gets or sets the upper limit of optimiser steps.</summary>
    /// <value>Default 2,000. A network of more than 524,288 weights, whose steps cost more, takes as many fewer as it is larger, but passes over its rows 32 times where the limit lets it.</value>
    [Range(1, 10_000_000)]
    [Description("Optimiser steps at most; early stopping may end before. A network of more than 524,288 weights takes as many fewer as it is larger, but passes over its rows 32 times where the limit lets it.")]
    public int MaxSteps { get; set; } = 2000;

    /// <summary>Gets or sets the rows of one optimiser step.</summary>
    /// <value>Default 256.</value>
    [Range(1, 65_536)]
    [Description("Rows of one optimiser step.")]
    public int BatchSize { get; set; } = 256;

    /// <summary>Gets or sets the peak learning rate of AdamW.</summary>
    /// <value>Default 0.001.</value>
    [Range(1e-7, 1.0)]
    [Description("Peak learning rate of AdamW; it decays along a cosine.")]
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>Gets or sets the decoupled weight decay of AdamW.</summary>
    /// <value>Default 0.0001.</value>
    [Range(0.0, 1.0)]
    [Description("Decoupled weight decay of AdamW.")]
    public double WeightDecay { get; set; } = 1e-4;

    /// <summary>Gets or sets the norm above which the gradient is scaled down.</summary>
    /// <value>Default 5; 0 turns clipping off.</value>
    [Range(0.0, 1e6)]
    [Description("Gradient norm above which the gradient is scaled down; 0 turns clipping off.")]
    public double GradientClipNorm { get; set; } = 5;

    /// <summary>Gets or sets how many held-out measurements without improvement end the training.</summary>
    /// <value>Default 10; 0 turns early stopping off.</value>
    [Range(0, 10_000)]
    [Description("Held-out measurements without improvement that end the training; 0 turns early stopping off.")]
    public int Patience { get; set; } = 10;

    /// <summary>Gets or sets the share of the worst rows of each batch that is left out of the loss.</summary>
    /// <value>Default null: 0.01, and 0.1 for a detector with a history; keeps a few unlabelled anomalies in the window from being learned.</value>
    [Range(0.0, 0.5)]
    [Description("Share of the worst rows of each batch left out of the loss, so that a few unlabelled anomalies are not learned. Default: 0.01, with a history 0.1.")]
    public double? TrimShare { get; set; }

    /// <summary>Gets the share that is left out.</summary>
    internal double Trimmed => TrimShare ?? 0.01;

    /// <summary>Copies the options, with another share left out of the loss.</summary>
    /// <param name="share">Share of the rows, 0 to 0.5.</param>
    public TrainingOptions WithTrimShare(double share)
    {
        var copy = (TrainingOptions)MemberwiseClone();
        copy.TrimShare = share;
        return copy;
    }

    /// <summary>Copies the options, with another share held out.</summary>
    /// <param name="share">Share of the rows.</param>
    public TrainingOptions WithHeldOutShare(double share)
    {
        var copy = (TrainingOptions)MemberwiseClone();
        copy.HeldOutShare = share;
        return copy;
    }
}
