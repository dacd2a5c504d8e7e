using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Detection.Alerts;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Detection.Configuration;

/// <summary>Declares one detector.</summary>
public sealed class DetectorOptions
{
    /// <summary>Gets or sets the name; part of metric labels, model folders and default topics.</summary>
    [Required]
    [RegularExpression("[a-z0-9][a-z0-9._-]{0,62}")]
    [Description("Name, unique: lower-case letters, digits, '.', '_' and '-'.")]
    public string Name { get; set; } = "";

    /// <summary>Gets or sets the input topics.</summary>
    [Required]
    [MinLength(1)]
    [Description("Input topics.")]
    public IList<string> Topics { get; set; } = [];

    /// <summary>Gets or sets the format of the messages.</summary>
    /// <value>Default "json".</value>
    [AllowedValues("json")]
    [Description("Format of the messages.")]
    public string Format { get; set; } = "json";

    /// <summary>Gets or sets the declared fields.</summary>
    [Required]
    [MinLength(1)]
    [Description("Declared fields; what is not declared is not read.")]
    public IList<FieldSpec> Fields { get; set; } = [];

    /// <summary>Gets or sets what is remembered of every key, as features.</summary>
    /// <value>Default null: a record is judged alone.</value>
    [Description("What is remembered of every key and becomes features of its next records; without it a record is judged alone.")]
    public HistoryOptions? History { get; set; }

    /// <summary>Gets or sets the variant and its options (the <c>model</c> section; its key <c>variant</c> chooses the type).</summary>
    /// <value>Default the first of <see cref="VariantCatalog.All"/> with its defaults.</value>
    [Description("Variant of the autoencoder family and its options.")]
    public VariantOptions? Model { get; set; }

    /// <summary>Gets or sets how a network is fitted.</summary>
    [Description("How a network is fitted.")]
    public TrainingOptions Fit { get; set; } = new();

    /// <summary>Gets or sets what the detector learns from and when.</summary>
    [Description("What the detector learns from and when.")]
    public RetrainingOptions Training { get; set; } = new();

    /// <summary>Gets or sets how the threshold is learned.</summary>
    [Description("How the threshold is learned.")]
    public ThresholdOptions Threshold { get; set; } = new();

    /// <summary>Gets or sets what alerts carry and how they are grouped.</summary>
    [Description("What alerts carry and how they are grouped.")]
    public AlertOptions Alerts { get; set; } = new();

    /// <summary>Gets or sets the memory for the last records of every key, in MiB; only variants that read windows need it.</summary>
    /// <value>Default 256. The records are held encoded, and as they came, so that the next version can encode them its way; when it is full, the keys not seen for longest leave and begin anew.</value>
    [Range(1, 1_048_576)]
    [Description("Memory in MiB for the last records of every key, for variants that read windows; the keys not seen for longest leave when it is full.")]
    public int WindowMemoryMib { get; set; } = 256;

    /// <summary>Gets or sets how many records of each partition are read again before the first new one, to fill the windows; only variants that read windows need it.</summary>
    /// <value>Default 100,000; 0 lets every key warm anew after a restart or a rebalance.</value>
    /// <remarks>Without a key field sixteen windows are enough, and no more is read.</remarks>
    [Range(0, 50_000_000)]
    [Description("Records of each partition read again, unscored, before the first new one after a restart or a rebalance, to fill the windows of variants that read windows; 0 lets every key warm anew.")]
    public int WindowRebuildRecords { get; set; } = 100_000;

    /// <summary>Gets or sets how often what is published of a record may be seen.</summary>
    /// <value>Default at least once; exactly once needs readers that read what is committed, and costs a transaction for every commit.</value>
    [Description("at_least_once, or exactly_once: output and offsets in one Kafka transaction.")]
    public DeliveryGuarantee Delivery { get; set; } = DeliveryGuarantee.AtLeastOnce;

    /// <summary>Gets or sets the topic that bad input goes to.</summary>
    /// <value>Default null: the detector's name with ".dead-letters".</value>
    [Description("Topic that bad input goes to, with the reason. Default: DETECTOR.dead-letters.")]
    public string? DeadLetterTopic { get; set; }

    /// <summary>Gets or sets when the detector stops because too many of its records are bad.</summary>
    [Description("When the detector stops reading because too many of its records are bad.")]
    public DeadLetterLimitOptions DeadLetterLimit { get; set; } = new();

    /// <summary>Gets or sets the topic that the score of every record goes to.</summary>
    /// <value>Default null: only alerts are published.</value>
    [Description("Topic that the score of every record goes to, keyed as the record. Default: none.")]
    public string? ScoresTopic { get; set; }

    /// <summary>Makes the feature spec: the declared fields, and those that history gives.</summary>
    /// <exception cref="ArgumentException">The fields or the history do not make one; a checked configuration does.</exception>
    public FeatureSpec ToSpec() => new(Fields, History is null ? null : HistoryDeclaration.ToSpec(History, Fields));

    /// <summary>Gets the topic that alerts go to.</summary>
    public string AlertTopicName => Alerts.Topic ?? Name + ".alerts";

    /// <summary>Gets the topic that bad input goes to.</summary>
    public string DeadLetterTopicName => DeadLetterTopic ?? Name + ".dead-letters";
}
