using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Optimization;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Fitting;

/// <summary>Takes chunks of a batch forward and back, one after the other, with memory of its own: two lanes can work at the same time.</summary>
/// <param name="device">Device for what the lane computes; serves no other lane.</param>
/// <param name="set">Rows.</param>
internal sealed class TrainingLane(Device device, TrainingSet set) : IDisposable
{
    private readonly BatchSource _source = new(device, set);
    private readonly List<Chunk> _chunks = [];
    private readonly List<Tape> _tapes = [];
    private TensorScope _scope;

    public Device Device { get; } = device;

    /// <summary>Gets the tape that holds the gradients of the whole lane, after its backward pass.</summary>
    public Tape Gradients => _tapes[0];

    /// <summary>Gets the losses of the lane's first chunk, after its forward pass.</summary>
    public Tensor FirstLosses => _chunks[0].Losses!;

    /// <summary>Begins a step; what it computes lives until <see cref="End"/>.</summary>
    public void Begin()
    {
        _chunks.Clear();
        _scope = Device.BeginScope();
    }

    /// <summary>Ends a step.</summary>
    public void End() => _scope.Dispose();

    /// <summary>Assigns rows to the lane.</summary>
    /// <param name="start">Index of the chunk's first row within the batch.</param>
    /// <param name="count">Rows of the chunk.</param>
    /// <param name="noise">Source of the noise a network adds to these rows.</param>
    public void Add(int start, int count, SeededRandom noise)
    {
        _chunks.Add(new Chunk(start, count, noise));
        if (_tapes.Count < _chunks.Count)
            _tapes.Add(new Tape(Device));
    }

    /// <summary>Computes the losses of the lane's rows and keeps what the way back needs.</summary>
    /// <param name="objective">Loss.</param>
    /// <param name="optimizer">Knows the parameters.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="progress">Share of the run that is done.</param>
    /// <param name="losses">Receives the losses at the places of the lane's rows, <c>[rows]</c>; null where the batch is a single chunk.</param>
    public void Forward(TrainingObjective objective, AdamW optimizer, ReadOnlySpan<int> rows, double progress, Tensor? losses)
    {
        var gradients = optimizer.CreateGradients(Device);
        for (var i = 0; i < _chunks.Count; i++)
        {
            var (start, count, noise, _) = _chunks[i];
            var tape = _tapes[i];
            tape.Clear();
            optimizer.Watch(tape, gradients, accumulate: i > 0);
            var result = objective.RowLosses(tape, _source.Gather(rows.Slice(start, count)), new LossContext(progress, noise));
            if (losses is not null)
                Device.CopyColumns(result.Flat(), 0, losses.Flat(), start, count, accumulate: false);
            _chunks[i] = _chunks[i] with { Losses = result };
        }
    }

    /// <summary>Computes the gradients of the lane's rows.</summary>
    /// <param name="factors">Factor of each row of the batch, <c>[rows]</c>.</param>
    public void Backward(Tensor factors)
    {
        for (var i = 0; i < _chunks.Count; i++)
        {
            // Gradients of activations are let go after each chunk: the next one finds their memory still in the cache.
            using var scope = Device.BeginScope();
            var (start, count, _, losses) = _chunks[i];
            _tapes[i].Backward(losses!, count == factors.Count ? factors : Slice(factors, start, count));
        }
    }

    /// <summary>Computes losses as on held-out rows.</summary>
    public void Measure(TrainingObjective objective, ReadOnlySpan<int> rows, Span<float> losses)
    {
        using var scope = Device.BeginScope();
        Device.Download(objective.RowLosses(null, _source.Gather(rows), LossContext.HeldOut), losses);
    }

    /// <summary>Hands rows to a network outside of a step.</summary>
    public void Prepare(Action<Batch> prepare, ReadOnlySpan<int> rows)
    {
        using var scope = Device.BeginScope();
        prepare(_source.Gather(rows));
    }

    /// <summary>Lets go of the memory kept for further steps.</summary>
    public void Dispose()
    {
        _source.Dispose();
        Device.ReleasePool();
    }

    private Tensor Slice(Tensor factors, int start, int count)
    {
        var part = Device.Create(new Shape(count));
        Device.CopyColumns(factors.Flat(), start, part.Flat(), 0, count, accumulate: false);
        return part;
    }

    private readonly record struct Chunk(int Start, int Count, SeededRandom Noise, Tensor? Losses = null);
}
