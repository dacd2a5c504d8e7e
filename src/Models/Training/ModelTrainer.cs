using AEAnomaly.Models.Completion;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Training;

/// <summary>Fits networks.</summary>
public static class ModelTrainer
{
    /// <summary>Fewest rows a network is fitted to: with less, the held-out rows say nothing about a threshold.</summary>
    public const int MinRows = 20;

    private const ulong DonorSeed = 0xD0_4042;

    /// <summary>Fits a network of one variant to normal rows; the same arguments give the same weights.</summary>
    /// <param name="set">Encoded rows, mostly normal.</param>
    /// <param name="variant">Options of the variant, which also choose it.</param>
    /// <param name="options">How to fit.</param>
    /// <param name="time">Clock for the report.</param>
    /// <param name="progress">Receives progress now and then, or null.</param>
    /// <param name="cancellationToken">Ends the work between two steps.</param>
    /// <exception cref="ArgumentException">The set has too few rows to hold some out, a value is not finite, or an option is out of range.</exception>
    /// <exception cref="TrainingFailedException">The loss stopped being finite.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static TrainedModel Train(
        TrainingSet set,
        VariantOptions variant,
        TrainingOptions options,
        TimeProvider time,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default) => Train(set, variant, options, new FitContext(time, progress), cancellationToken);

    /// <summary>Fits a network that may begin from the weights of another one, as far as they fit.</summary>
    /// <param name="set">Encoded rows, mostly normal.</param>
    /// <param name="variant">Options of the variant; widths that are left open are those of the network to begin from.</param>
    /// <param name="options">How to fit.</param>
    /// <param name="context">Clock, progress, network to begin from, threads.</param>
    /// <param name="cancellationToken">Ends the work between two steps.</param>
    /// <exception cref="ArgumentException">The set has too few rows to hold some out, a value is not finite, an option is out of range, or the network to begin from is of another variant or does not fit at all.</exception>
    /// <exception cref="TrainingFailedException">The loss stopped being finite.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static TrainedModel Train(
        TrainingSet set,
        VariantOptions variant,
        TrainingOptions options,
        FitContext context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(variant);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        if (context.Threads is < 1 or > LaneRunner.Lanes)
            throw new ArgumentOutOfRangeException(nameof(context), context.Threads, $"A fit runs on 1 to {LaneRunner.Lanes} threads.");
        var definition = VariantCatalog.Define(variant);
        OptionsCheck.Require(variant, definition.Problems(variant));
        OptionsCheck.Require(options);
        if (set.Rows < MinRows)
            throw new ArgumentException($"Training needs at least {MinRows} rows; found {set.Rows}.", nameof(set));

        RequireFinite(set);
        if (SequenceOptions.WindowOf(variant) is var window && window != set.Window)
            throw new ArgumentException($"The variant reads windows of {window} records; the rows of the training set hold {set.Window}.", nameof(set));

        var started = context.Time.GetTimestamp();
        var initial = context.Initial;
        var resolved = definition.Resolve(initial is null ? variant : initial.WithWidths(variant, set.Layout), set.Layout);
        var random = new SeededRandom((ulong)options.Seed);
        var (trainingRows, heldOutRows) = Split(set, options.HeldOutShare, random.Split());

        var factory = context.Device ?? CpuDeviceFactory.Instance;
        using var device = factory.Create();
        var network = definition.CreateNetwork(
            resolved, set.Layout, new ParameterSet(device), BlockWeights.Fit(set, trainingRows), random.Split());
        WeightReuse? reuse = null;
        Action? begin = initial is null ? null : () => reuse = WeightTransfer.Apply(network, initial);
        // Of a generator of its own: whether rows are ever completed changes nothing else.
        var donors = DonorRows.Fit(set, trainingRows, resolved.MemoryRows, new SeededRandom(DonorSeed + (ulong)options.Seed));
        var fitted = definition.Fit(
            resolved, network, new FitRows(set, options, trainingRows, heldOutRows, donors), random, new FitConditions(begin, context.Progress, context.Threads), cancellationToken);
        var report = fitted.Report with { Duration = context.Time.GetElapsedTime(started), Device = factory.Name };
        donors.Keep(new ScoreStore(network.Parameters));
        var model = new TrainedModel(definition, resolved, network, heldOutRows, report, fitted.Scores)
        {
            Donors = donors,
            HeldOutScores = fitted.HeldOutScores,
            Reuse = reuse,
        };
        return device is CpuDevice ? model : model.ToNative();
    }

    private static void RequireFinite(TrainingSet set)
    {
        var width = set.Layout.Width;
        for (var row = 0; row < set.Records; row++)
        {
            var values = set.Values.AsSpan(row * width, width);
            for (var feature = 0; feature < width; feature++)
            {
                if (!float.IsFinite(values[feature]))
                    throw new ArgumentException($"Row {row}, feature {feature} of the training set is {values[feature]}; every value must be finite.", nameof(set));
            }
        }
    }

    // Both parts ascend: which rows are held out is random, the order of the rest is the shuffle's business. A row without any field is in neither: there is nothing to learn from it.
    private static (int[] Training, int[] HeldOut) Split(TrainingSet set, double heldOutShare, SeededRandom random)
    {
        var shape = new DonorShape(set.Layout, set.Window);
        bool HasAny(int row) => shape.HasAny(set.FlagsOf(row));
        if (set.Window > 1)
        {
            var (training, heldOutWindows) = WindowSplit.Of(set, heldOutShare, random);
            return (RequireAny(Array.FindAll(training, HasAny), set), RequireAny(Array.FindAll(heldOutWindows, HasAny), set));
        }

        var order = Enumerable.Range(0, set.Rows).Where(HasAny).ToArray();
        random.Shuffle(order);
        var heldOut = (int)Math.Round(order.Length * heldOutShare);
        Array.Sort(order, 0, heldOut);
        Array.Sort(order, heldOut, order.Length - heldOut);
        return (RequireAny(order[heldOut..], set), RequireAny(order[..heldOut], set));
    }

    private static int[] RequireAny(int[] rows, TrainingSet set) =>
        rows.Length > 0 ? rows : throw new ArgumentException($"Too few of {set.Rows} rows have a field to learn from and to hold some out.", nameof(set));
}
