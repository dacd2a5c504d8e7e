using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Tensors.Cpu;

/// <summary>Computes on the calling thread with the machine's vector instructions.</summary>
internal sealed partial class CpuDevice : Device
{
    public override Device CreateSibling() => new CpuDevice();

    public override void Upload(ReadOnlySpan<float> values, Tensor target) => values[..target.Count].CopyTo(Span(target));

    public override void UploadRows(ReadOnlySpan<float> values, ReadOnlySpan<int> starts, Tensor target)
    {
        var rows = Span(target);
        var width = target.Shape[1];
        for (var i = 0; i < starts.Length; i++)
            values.Slice(starts[i], width).CopyTo(rows.Slice(i * width, width));
    }

    public override void Download(Tensor source, Span<float> values) => Span(source).CopyTo(values);

    public override void Fill(Tensor target, float value) => Span(target).Fill(value);

    public override void FillNormal(Tensor target, SeededRandom random) => random.FillNormal(Span(target));

    public override void Copy(Tensor source, Tensor target) => Span(source).CopyTo(Span(target));

    public override void MatMul(Tensor left, bool transposeLeft, Tensor right, bool transposeRight, Tensor result, bool accumulate)
    {
        var (m, n) = (result.Shape[0], result.Shape[1]);
        var k = left.Shape[transposeLeft ? 0 : 1];
        MatrixKernels.Multiply(Span(left), transposeLeft, Span(right), transposeRight, Span(result), m, n, k, accumulate);
    }

    public override void Affine(Tensor input, Tensor weight, Tensor bias, bool relu, Tensor result) => MatrixKernels.Linear(
        Span(input), Span(weight), transposeWeights: true, Span(bias), Span(result), input.Shape[0], weight.Shape[0], weight.Shape[1], relu);

    public override void MatMulMasked(Tensor left, Tensor right, Tensor mask, Tensor result, Tensor columnSums, bool accumulate)
    {
        var sums = Span(columnSums);
        if (!accumulate)
            sums.Clear();
        MatrixKernels.MultiplyMasked(Span(left), Span(right), Span(mask), Span(result), sums, result.Shape[0], result.Shape[1], left.Shape[1]);
    }

    public override void MaskByRelu(Tensor result, Tensor gradient) => GradientKernels.MaskByRelu(Span(result), Span(gradient), VectorWidths.Widest);

    public override void CopyColumns(Tensor source, int sourceStart, Tensor target, int targetStart, int width, bool accumulate)
    {
        var (rows, sourceColumns, targetColumns) = (source.Shape[0], source.Shape[1], target.Shape[1]);
        var from = Span(source);
        var to = Span(target);
        for (var row = 0; row < rows; row++)
        {
            var part = from.Slice((row * sourceColumns) + sourceStart, width);
            var place = to.Slice((row * targetColumns) + targetStart, width);
            if (accumulate)
                ElementKernels.AddScaled(part, 1, place);
            else
                part.CopyTo(place);
        }
    }

    protected override DeviceMemory AllocateMemory(int capacity) => new CpuMemory(capacity);

    private static Span<float> Span(Tensor tensor) => ((CpuMemory)tensor.Memory).Values.AsSpan(0, tensor.Count);
}
