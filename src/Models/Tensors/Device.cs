using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Tensors;

/// <summary>Owns memory and computes; every kernel an operation needs is a call here, so that operations and variants run on any device.</summary>
/// <remarks>
/// An instance serves one thread at a time: a training run owns its device. Shapes are checked by the operations; kernels trust them.
/// "Accumulate" in the name or a parameter means that the result is added to what is there, as gradients need.
/// Memory that is <see cref="IDisposable"/> is freed with the device, and when it leaves the pool; the garbage collector sees to the rest, so that tensors of the native
/// device outlive its disposal.
/// </remarks>
internal abstract partial class Device : IDisposable
{
    private readonly Dictionary<int, Stack<DeviceMemory>> _free = [];
    private readonly List<DeviceMemory> _scoped = [];
    private readonly HashSet<IDisposable> _owned = [];
    private int _depth;

    /// <summary>Begins a scope: what <c>Create</c> gives until it is disposed is reused afterwards.</summary>
    public TensorScope BeginScope()
    {
        _depth++;
        return new TensorScope(this, _scoped.Count);
    }

    /// <summary>Creates a tensor with undefined contents; inside a scope its memory lives as long as the scope.</summary>
    public Tensor Create(Shape shape)
    {
        if (_depth == 0)
            return Allocate(shape);

        var bucket = Bucket(shape.Count);
        var memory = _free.TryGetValue(bucket, out var stack) && stack.Count > 0 ? stack.Pop() : Own(AllocateMemory(bucket));
        _scoped.Add(memory);
        return new Tensor(this, shape, memory);
    }

    /// <summary>Creates a tensor of zeros; inside a scope its memory lives as long as the scope.</summary>
    public Tensor CreateZeros(Shape shape)
    {
        var tensor = Create(shape);
        Fill(tensor, 0);
        return tensor;
    }

    /// <summary>Creates a tensor from host values; inside a scope its memory lives as long as the scope.</summary>
    public Tensor Create(Shape shape, ReadOnlySpan<float> values)
    {
        var tensor = Create(shape);
        Upload(values, tensor);
        return tensor;
    }

    /// <summary>Allocates a tensor of zeros that outlives every scope: parameters and optimiser state.</summary>
    public Tensor Allocate(Shape shape)
    {
        var tensor = new Tensor(this, shape, Own(AllocateMemory(shape.Count)));
        Fill(tensor, 0);
        return tensor;
    }

    /// <summary>Creates a device that computes with the same tensors for another thread, and has a pool of its own.</summary>
    public abstract Device CreateSibling();

    /// <summary>Lets go of a tensor from <see cref="Allocate"/> before the device is disposed of.</summary>
    public void Release(Tensor tensor) => Free(tensor.Memory);

    /// <summary>Lets go of the memory that is kept for reuse, once no further step is to come.</summary>
    public void ReleasePool()
    {
        foreach (var memory in _free.Values.SelectMany(stack => stack))
            Free(memory);
        _free.Clear();
    }

    /// <summary>Frees all memory that the garbage collector would not.</summary>
    public void Dispose()
    {
        foreach (var memory in _owned)
            memory.Dispose();
        _owned.Clear();
        _free.Clear();
    }

    /// <summary>Copies host values into a tensor.</summary>
    public abstract void Upload(ReadOnlySpan<float> values, Tensor target);

    /// <summary>Copies rows that lie anywhere in host memory into the rows of a matrix.</summary>
    /// <param name="values">Host memory.</param>
    /// <param name="starts">Index of the first value of each row.</param>
    /// <param name="target">Matrix of as many rows.</param>
    public abstract void UploadRows(ReadOnlySpan<float> values, ReadOnlySpan<int> starts, Tensor target);

    /// <summary>Copies the values of a tensor to the host.</summary>
    public abstract void Download(Tensor source, Span<float> values);

    /// <summary>Sets every element.</summary>
    public abstract void Fill(Tensor target, float value);

    /// <summary>Draws every element from the standard normal distribution.</summary>
    public abstract void FillNormal(Tensor target, SeededRandom random);

    /// <summary>y = x.</summary>
    public abstract void Copy(Tensor source, Tensor target);

    /// <summary>y += factor x.</summary>
    public abstract void AddScaled(Tensor source, float factor, Tensor target);

    /// <summary>y = factor x + offset.</summary>
    public abstract void ScaleOffset(Tensor source, float factor, float offset, Tensor target);

    /// <summary>C = op(A) op(B) (+ C), with op the transpose where asked; C is <c>[m, n]</c>.</summary>
    public abstract void MatMul(Tensor left, bool transposeLeft, Tensor right, bool transposeRight, Tensor result, bool accumulate);

    /// <summary>Y = X Wᵀ + b, with each element below 0 replaced by 0 when <paramref name="relu"/>.</summary>
    public abstract void Affine(Tensor input, Tensor weight, Tensor bias, bool relu, Tensor result);

    /// <summary>C = A B where the mask is above 0, 0 elsewhere; sums (+)= column sums of C: the step back through a layer to the sums of the ReLU layer before it.</summary>
    public abstract void MatMulMasked(Tensor left, Tensor right, Tensor mask, Tensor result, Tensor columnSums, bool accumulate);

    /// <summary>dy = 0 where y = max(x, 0) is 0: the gradient of y becomes that of x, in place.</summary>
    public abstract void MaskByRelu(Tensor result, Tensor gradient);

    /// <summary>y = f(x).</summary>
    public abstract void Unary(UnaryFunction function, Tensor source, Tensor result);

    /// <summary>dx (+)= dy f'(x), from x and y = f(x).</summary>
    public abstract void UnaryBackward(
        UnaryFunction function, Tensor source, Tensor result, Tensor resultGradient, Tensor sourceGradient, bool accumulate);

    /// <summary>y[o, k, i] = f(a[o, k, i], b[o, i]).</summary>
    public abstract void Binary(BinaryFunction function, Tensor left, Tensor right, AxisSplit split, Tensor result);

    /// <summary>y[o, k, i] += factor x[o, i].</summary>
    public abstract void AddBroadcast(Tensor source, float factor, AxisSplit split, Tensor target);

    /// <summary>y[o, k, i] += a[o, k, i] b[o, i].</summary>
    public abstract void MultiplyAdd(Tensor left, Tensor right, AxisSplit split, Tensor target);

    /// <summary>y[o, i] (+)= factor sum_k x[o, k, i].</summary>
    public abstract void Sum(Tensor source, AxisSplit split, float factor, Tensor target, bool accumulate);

    /// <summary>y[o, i] += sum_k a[o, k, i] b[o, k, i].</summary>
    public abstract void SumProduct(Tensor left, Tensor right, AxisSplit split, Tensor target);

    /// <summary>Copies columns between two matrices with the same number of rows, or adds them.</summary>
    public abstract void CopyColumns(Tensor source, int sourceStart, Tensor target, int targetStart, int width, bool accumulate);

    /// <summary>Takes the patches out of every sequence; see <see cref="Autograd.Patches"/>.</summary>
    public abstract void Unfold(Tensor sequences, PatchGeometry geometry, Tensor patches, bool accumulate);

    /// <summary>Adds the patches where they lie in every sequence; see <see cref="Autograd.Patches"/>.</summary>
    public abstract void Fold(Tensor patches, PatchGeometry geometry, Tensor sequences);

    /// <summary>Computes one step of a gated recurrent unit; see <see cref="Autograd.GruStep"/>.</summary>
    public abstract void GruStep(Tensor inputGates, Tensor hiddenGates, Tensor hidden, Tensor activations, Tensor result);

    /// <summary>Adds the gradients of <see cref="GruStep"/>; those that are null are not wanted.</summary>
    public abstract void GruStepBackward(
        Tensor hiddenGates, Tensor hidden, Tensor activations, Tensor gradient, Tensor? inputGatesGradient, Tensor? hiddenGatesGradient, Tensor? hiddenGradient);

    /// <summary>Computes the error of each block of a reconstruction; see <see cref="Autograd.BlockErrors"/> for the formulas.</summary>
    public abstract void BlockErrors(FeatureLayout layout, Tensor output, Tensor target, Tensor errors);

    /// <summary>Adds the gradient of <see cref="BlockErrors"/> with respect to the output.</summary>
    public abstract void BlockErrorsBackward(FeatureLayout layout, Tensor output, Tensor target, Tensor errorsGradient, Tensor outputGradient);

    /// <summary>Computes the error of each row of a reconstruction; see <see cref="Autograd.RowErrors"/> for the formulas.</summary>
    public abstract void RowErrors(FeatureLayout layout, Tensor output, Tensor target, Tensor weights, Tensor? present, Tensor errors);

    /// <summary>Computes or adds the gradient of <see cref="RowErrors"/> with respect to the output.</summary>
    public abstract void RowErrorsBackward(
        FeatureLayout layout, Tensor output, Tensor target, Tensor weights, Tensor? present, Tensor errorsGradient, Tensor outputGradient, bool accumulate);

    /// <summary>Computes the sum of squares of every element, in double precision.</summary>
    public abstract double SumOfSquares(Tensor source);

    /// <summary>Updates a parameter and its two moments in place.</summary>
    public abstract void AdamW(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep step);

    internal void EndScope(int mark)
    {
        _depth--;
        for (var i = mark; i < _scoped.Count; i++)
        {
            var memory = _scoped[i];
            if (!_free.TryGetValue(memory.Capacity, out var stack))
                _free.Add(memory.Capacity, stack = new Stack<DeviceMemory>());
            stack.Push(memory);
        }

        _scoped.RemoveRange(mark, _scoped.Count - mark);
    }

    /// <summary>Allocates memory for <paramref name="capacity"/> elements.</summary>
    protected abstract DeviceMemory AllocateMemory(int capacity);

    private DeviceMemory Own(DeviceMemory memory)
    {
        if (memory is IDisposable owned)
            _owned.Add(owned);
        return memory;
    }

    private void Free(DeviceMemory memory)
    {
        if (memory is IDisposable owned && _owned.Remove(owned))
            owned.Dispose();
    }

    // Powers of two keep the number of pools small while batch shapes vary (the last batch, held-out chunks).
    private static int Bucket(int count) => (int)Math.Min(Array.MaxLength, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count));
}
