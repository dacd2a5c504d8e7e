using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;

namespace AEAnomaly.Models.Frozen;

/// <summary>Maps rows to noise and back with trained weights; see <see cref="MultiScaleFlow"/>.</summary>
internal sealed class FrozenFlow
{
    private readonly FrozenFlowStep[][] _levels;
    private readonly int[] _codeWidths;
    private readonly VectorWidth _vectors;

    /// <summary>Copies the weights.</summary>
    /// <param name="flow">Trained flow.</param>
    /// <param name="codeWidths">Width of each level's code.</param>
    /// <param name="vectors">Vector registers to use; the results do not depend on it.</param>
    public FrozenFlow(MultiScaleFlow flow, IReadOnlyList<int> codeWidths, VectorWidth vectors)
    {
        _levels = [.. flow.Levels.Select(level => level.Select(step => new FrozenFlowStep(step)).ToArray())];
        _codeWidths = [.. codeWidths];
        _vectors = vectors;
        Width = flow.Widths[0];
    }

    public int Width { get; }

    public FlowScratch CreateScratch(int rows) =>
        new(Width, _levels.Max(level => level.Max(step => step.WidestLayer)), rows);

    /// <summary>Maps rows to noise.</summary>
    /// <param name="values">x, <c>[rows, Width]</c>; receives u.</param>
    /// <param name="codes">Codes of all levels side by side, <c>[rows, code]</c>.</param>
    /// <param name="codeOfLevel">Room for the code of one level, <c>[rows, widest code]</c>.</param>
    /// <param name="logDeterminants">Receives log|det du/dx| of each row.</param>
    /// <param name="scratch">From <see cref="CreateScratch"/>.</param>
    public void Forward(Span<float> values, ReadOnlySpan<float> codes, Span<float> codeOfLevel, Span<double> logDeterminants, FlowScratch scratch)
    {
        var rows = logDeterminants.Length;
        logDeterminants.Clear();
        var start = 0;
        for (var level = 0; level < _levels.Length; level++)
        {
            var width = _levels[level][0].Width;
            var state = scratch.State.AsSpan(0, rows * width);
            CopyColumns(values, Width, 0, state, width, 0, width, rows);
            var code = codeOfLevel[..(rows * _codeWidths[level])];
            CopyColumns(codes, codes.Length / rows, start, code, _codeWidths[level], 0, _codeWidths[level], rows);
            foreach (var step in _levels[level])
                step.Forward(state, code, logDeterminants, scratch, _vectors);
            CopyColumns(state, width, 0, values, Width, 0, width, rows);
            start += _codeWidths[level];
        }
    }

    /// <summary>Maps one row of noise back.</summary>
    /// <param name="values">u, <c>[Width]</c>; receives x.</param>
    /// <param name="codes">Codes of all levels, <c>[code]</c>.</param>
    /// <param name="scratch">From <see cref="CreateScratch"/>.</param>
    public void Inverse(Span<float> values, ReadOnlySpan<float> codes, FlowScratch scratch)
    {
        var end = codes.Length;
        for (var level = _levels.Length - 1; level >= 0; level--)
        {
            var start = end - _codeWidths[level];
            for (var i = _levels[level].Length - 1; i >= 0; i--)
                _levels[level][i].Inverse(values[.._levels[level][i].Width], codes[start..end], scratch, _vectors);
            end = start;
        }
    }

    private static void CopyColumns(
        ReadOnlySpan<float> source, int sourceWidth, int sourceStart, Span<float> target, int targetWidth, int targetStart, int width, int rows)
    {
        for (var row = 0; row < rows; row++)
            source.Slice((row * sourceWidth) + sourceStart, width).CopyTo(target.Slice((row * targetWidth) + targetStart, width));
    }
}
