using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Sequences;

/// <summary>Sets what variants that reconstruct windows of a sequence have in common.</summary>
public abstract class SequenceReconstructionOptions : SequenceOptions
{
    /// <summary>Gets or sets how many records at the end of the window the score averages the errors of.</summary>
    /// <value>Default null: the whole window, whose error finds shapes; 1 judges the last record alone.</value>
    [Range(1, 1024)]
    [Description("Records at the end of the window whose errors the score averages; the whole window when not given, 1 judges the last record alone.")]
    public int? ScoredRecords { get; set; }
}
