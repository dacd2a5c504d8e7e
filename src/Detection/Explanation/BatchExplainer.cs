using System.Runtime.ExceptionServices;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Detection.Explanation;

/// <summary>Explains anomalies of a batch in their order; where there are several, on several processors ahead of the thread that asks. Used by one thread.</summary>
/// <remarks>Each explanation depends on its record alone, so who makes it, and when, changes nothing of it.</remarks>
internal sealed class BatchExplainer
{
    /// <summary>Explanations made ahead, at most: enough to outweigh waking a thread, few enough to hold.</summary>
    public const int MostAhead = 64;

    // Whoever tells of an anomaly needs about a third of the time of its explanation for it, and is alone: more than these would wait for it.
    private const int MostThreads = 4;

    // What several explainers may hold; one of long windows of many fields alone can be larger.
    private const long MostBytes = 16 << 20;

    // For fewer, waking another thread takes about as long as it saves.
    private const int FewestAhead = 4;

    private readonly Func<Explainer> _create;
    private readonly Explainer?[] _explainers;
    private readonly Made[] _made = new Made[MostAhead];
    private readonly Action<int> _work;
    private IReadOnlyList<int> _rows = [];
    private RecordBatch? _batch;
    private RecordScorer? _scorer;
    private int _first;
    private int _end;
    private int _next;

    /// <summary>Creates an explainer of batches.</summary>
    /// <param name="encoder">Fitted encoder.</param>
    /// <param name="model">Network fitted on its rows.</param>
    /// <param name="topFeatures">Fields named at most, at least 1.</param>
    /// <param name="threads">Threads that explain at most, at least 1; by default as many as there are processors, up to 4. Fewer do where each would hold much.</param>
    public BatchExplainer(FeatureEncoder encoder, FrozenModel model, int topFeatures, int? threads = null)
    {
        _create = () => new Explainer(encoder, model, topFeatures);
        var most = Math.Max(1, MostBytes / Explainer.BytesFor(model));
        _explainers = new Explainer?[Math.Min(most, threads ?? Math.Min(MostThreads, Environment.ProcessorCount))];
        _explainers[0] = _create();
        _work = Work;
    }

    /// <summary>Begins with the anomalies of a batch.</summary>
    /// <param name="batch">Records; neither they nor <paramref name="rows"/> change until the last of them is explained.</param>
    /// <param name="rows">Rows of the anomalies.</param>
    /// <param name="scorer">What scored the batch.</param>
    public void Begin(RecordBatch batch, IReadOnlyList<int> rows, RecordScorer scorer)
    {
        (_batch, _rows, _scorer) = (batch, rows, scorer);
        (_first, _end) = (0, 0);
    }

    /// <summary>Explains an anomaly.</summary>
    /// <param name="index">Which of the rows; one after another is cheapest.</param>
    /// <exception cref="Exception">What kept this one from being explained; the others are not concerned.</exception>
    public RecordExplanation Explain(int index)
    {
        if (index < _first || index >= _end)
            MakeFrom(index);
        var made = _made[index - _first];
        made.Failure?.Throw();
        return made.Explanation!;
    }

    private void MakeFrom(int index)
    {
        var left = Math.Min(_rows.Count - index, MostAhead);
        var isAhead = _explainers.Length > 1 && left >= FewestAhead;
        (_first, _end, _next) = (index, index + (isAhead ? left : 1), index);
        // The calling thread takes part: where no other is free, it does all.
        if (isAhead)
            Parallel.For(0, _explainers.Length, _work);
        else
            Work(0);
    }

    private void Work(int thread)
    {
        int index;
        while ((index = Interlocked.Increment(ref _next) - 1) < _end)
            _made[index - _first] = Make(thread, _rows[index]);
    }

    private Made Make(int thread, int row)
    {
        try
        {
            // Created in here: a failure of that, too, belongs to a record, and no place is left with what another batch had in it.
            var explainer = _explainers[thread] ??= _create();
            return new Made(explainer.Explain(_batch!, row, _scorer), null);
        }
        catch (Exception exception)
        {
            // It is thrown where this one is asked for, so that only its record is refused.
            return new Made(null, ExceptionDispatchInfo.Capture(exception));
        }
    }

    private readonly record struct Made(RecordExplanation? Explanation, ExceptionDispatchInfo? Failure);
}
