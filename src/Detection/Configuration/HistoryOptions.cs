using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Detection.Configuration;

/// <summary>Sets what a detector remembers of every key, as features of its next records (the <c>history</c> section).</summary>
public sealed class HistoryOptions
{
    /// <summary>Gets or sets the field whose values are the keys.</summary>
    /// <value>Default null: the first key field.</value>
    [Description("Field whose values are the keys. Default: the first key field.")]
    public string? Key { get; set; }

    /// <summary>Gets or sets the field that tells when a record happened.</summary>
    /// <value>Default null: the first timestamp field, else the broker's time.</value>
    [Description("Timestamp field that tells when a record happened. Default: the first one, else the broker's time.")]
    public string? Clock { get; set; }

    /// <summary>Gets or sets after how long a record counts half in counts and sums, ascending.</summary>
    /// <value>Default 30 minutes, 12 hours, 4 days.</value>
    [MinLength(1)]
    [Description("After how long a record counts half in 'count' and 'sum', ascending; each half-life gives a feature.")]
    public IList<TimeSpan> HalfLives { get; set; } = [TimeSpan.FromMinutes(30), TimeSpan.FromHours(12), TimeSpan.FromDays(4)];

    /// <summary>Gets or sets after how long a record counts half in what is usual.</summary>
    /// <value>Default 30 days.</value>
    [Description("After how long a record counts half in 'usual' and 'share'.")]
    public TimeSpan UsualHalfLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Gets or sets what is remembered.</summary>
    [Required]
    [MinLength(1)]
    [Description("What is remembered, each item a feature or several.")]
    public IList<HistoryItem> Remember { get; set; } = [];

    /// <summary>Gets or sets the memory for all keys, in MiB.</summary>
    /// <value>Default 512. A key takes at most 512 bytes with the section that 'init' writes for one number, two categories and a place.</value>
    [Range(1, 1_048_576)]
    [Description("Memory in MiB for all keys; those not seen for longest leave when it is full.")]
    public int MemoryMib { get; set; } = 512;

    /// <summary>Gets or sets the folder that what is remembered is kept in, so that it outlives a restart; each detector has a folder of its own name in it.</summary>
    /// <value>Default null: <c>.history</c> in the folder of the models. Relative paths start from the working directory.</value>
    [Description("Folder that what is remembered is kept in; relative paths start from the working directory. Default: .history in models.directory.")]
    public string? Directory { get; set; }

    /// <summary>Gets or sets how often what is remembered is written there, besides when a partition is given away and at the end.</summary>
    /// <value>Default one minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    [Description("How often what is remembered is written to its folder; also when a partition is given away, and at the end.")]
    public TimeSpan SaveEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how far back, by the broker's time, the records of a partition are read again, unscored, where no file of it can be used.</summary>
    /// <value>Default null: twice the longest half-life, as far as the topic keeps it.</value>
    [Description("How far back the records of a partition are read again, unscored, before the first new one, where no file of it can be used. Default: twice the longest half-life.")]
    public TimeSpan? Rebuild { get; set; }

    /// <summary>Gets or sets the topic that records are written on to under their key, and judged from, where their producers spread a key over partitions.</summary>
    /// <value>Default null: records are judged as they come, and the history of a key is exact where all of its records come in one partition.</value>
    [Description("Topic that records are written on to under their key, and judged from; for producers that spread a key over several partitions. Default: none.")]
    public string? Repartition { get; set; }

    /// <summary>Gets or sets how many records a training reads at most to build the history; those it learns from are drawn from them.</summary>
    /// <value>Default 5,000,000.</value>
    [Range(100, 50_000_000)]
    [Description("Records a training reads at most to build the history; those it learns from (training.max_records) are drawn evenly from them.")]
    public int TrainingRecords { get; set; } = 5_000_000;
}
