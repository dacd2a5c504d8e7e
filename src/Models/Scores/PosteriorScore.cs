using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Scores;

/// <summary>Judges rows by draws z_1 .. z_S from the Gaussian of their code, q(z | x); p(x | z) is a <see cref="RecordLikelihood"/>, p(z) = N(0, 1).</summary>
/// <remarks>
/// reconstruction_probability: -mean_s log p(x | z_s), An and Cho, "Variational Autoencoder based Anomaly Detection using Reconstruction Probability", 2015.
/// elbo: the same + KL(q(z | x) || p(z)), Kingma and Welling, 2014.
/// importance_bound: -log mean_s p(x | z_s) p(z_s) / q(z_s | x), Burda, Grosse and Salakhutdinov, "Importance Weighted Autoencoders", ICLR 2016; the nearer to
/// -log p(x) the more draws.
/// The draws' noise is the same for every row, so that a score depends on nothing but its row and the differences between rows are not noise. The variances of
/// p(x | z) are fitted to draws. A block's cost is the mean over the draws of its own part of -log p(x | z).
/// </remarks>
internal sealed class PosteriorScore : ScorePart
{
    /// <summary>Seed of the noise.</summary>
    public const ulong NoiseSeed = 20_160_502;

    private readonly ScoreKind _kind;
    private readonly FrozenPosterior _posterior;
    private readonly RecordLikelihood _likelihood;
    private readonly float[] _noise;

    /// <summary>Creates the score.</summary>
    /// <param name="kind">One of the three.</param>
    /// <param name="posterior">Encoder and decoder.</param>
    /// <param name="likelihood">p(x | z).</param>
    /// <param name="noise">Standard normal draws, row-major <c>[S, LatentWidth]</c>.</param>
    public PosteriorScore(ScoreKind kind, FrozenPosterior posterior, RecordLikelihood likelihood, float[] noise)
    {
        _kind = kind;
        Kinds = [kind];
        _posterior = posterior;
        _likelihood = likelihood;
        _noise = noise;
    }

    public override IReadOnlyList<ScoreKind> Kinds { get; }

    public override ScoreNeeds Needs => ScoreNeeds.None;

    public override bool IsSigned => true;

    private int Samples => _noise.Length / _posterior.LatentWidth;

    /// <summary>Draws the noise.</summary>
    public static float[] DrawNoise(int samples, int latentWidth, ulong seed)
    {
        var random = new SeededRandom(seed);
        var noise = new float[samples * latentWidth];
        for (var i = 0; i < noise.Length; i++)
            noise[i] = (float)random.NextNormal();
        return noise;
    }

    /// <summary>Fits the variances of p(x | z).</summary>
    public static PosteriorScore Fit(ScoreKind kind, FrozenPosterior posterior, NormalRows rows, int samples)
    {
        const int chunkRows = 64;
        var layout = rows.Layout;
        var noise = DrawNoise(samples, posterior.LatentWidth, NoiseSeed);
        var (squares, counts) = (new double[layout.Width], new double[layout.BlockCount]);
        var (heads, codes) = (new float[chunkRows * 2 * posterior.LatentWidth], new float[chunkRows * posterior.LatentWidth]);
        var work = new float[posterior.WorkFloats(chunkRows)];
        for (var start = 0; start < rows.Count; start += chunkRows)
        {
            var count = Math.Min(chunkRows, rows.Count - start);
            posterior.Encode(rows.Slice(start, count).Values, heads, count, work);
            for (var s = 0; s < samples; s++)
            {
                var outputs = posterior.Decode(heads, noise.AsSpan(s * posterior.LatentWidth, posterior.LatentWidth), codes, count, work);
                RecordLikelihood.AddSquares(rows, start, outputs, squares, counts);
            }
        }

        // As many rows, each with the mean of its draws.
        squares = Array.ConvertAll(squares, square => square / samples);
        counts = Array.ConvertAll(counts, drawn => drawn / samples);
        return new PosteriorScore(kind, posterior, RecordLikelihood.Fit(layout, squares, counts), noise);
    }

    /// <summary>Takes the fitted score back.</summary>
    public static PosteriorScore Take(ScoreStore store, ScoreKind kind, FrozenPosterior posterior, FeatureLayout layout, int samples) =>
        new(kind, posterior, RecordLikelihood.Take(store, ScoreKinds.NameOf(kind), layout), DrawNoise(samples, posterior.LatentWidth, NoiseSeed));

    public override void Keep(ScoreStore store) => _likelihood.Keep(store, ScoreKinds.NameOf(_kind));

    public override int WorkFloats(int rows) => (rows * 3 * _posterior.LatentWidth) + _posterior.WorkFloats(rows);

    public override void Judge(in ScoredRows rows, Span<float> energies, Span<float> work)
    {
        var (count, latent, width) = (rows.Count, _posterior.LatentWidth, _posterior.Width);
        var heads = work[..(count * 2 * latent)];
        var codes = work.Slice(count * 2 * latent, count * latent);
        work = work[(count * 3 * latent)..];
        _posterior.Encode(rows.Values, heads, count, work);
        Span<double> greatest = stackalloc double[count];
        Span<double> sums = stackalloc double[count];
        greatest.Fill(double.NegativeInfinity);
        sums.Clear();
        for (var s = 0; s < Samples; s++)
        {
            var noise = _noise.AsSpan(s * latent, latent);
            var outputs = _posterior.Decode(heads, noise, codes, count, work);
            for (var row = 0; row < count; row++)
            {
                var energy = _likelihood.Energy(rows.Values.Slice(row * width, width), rows.FlagsOf(row), outputs.Slice(row * width, width));
                if (_kind == ScoreKind.ImportanceBound)
                    AddWeight(LogPriorRatio(heads.Slice(row * 2 * latent, 2 * latent), codes.Slice(row * latent, latent), noise) - energy, ref greatest[row], ref sums[row]);
                else
                    sums[row] += energy;
            }
        }

        for (var row = 0; row < count; row++)
        {
            energies[row] = _kind switch
            {
                ScoreKind.ImportanceBound => (float)-(greatest[row] + Math.Log(sums[row] / Samples)),
                ScoreKind.Elbo => (float)((sums[row] / Samples) + Divergence(heads.Slice(row * 2 * latent, 2 * latent))),
                _ => (float)(sums[row] / Samples),
            };
        }
    }

    protected override void Share(in ScoredRows row, ReadOnlySpan<float> own, Span<double> costs, Span<float> work)
    {
        var latent = _posterior.LatentWidth;
        var heads = work[..(2 * latent)];
        var codes = work.Slice(2 * latent, latent);
        work = work[(3 * latent)..];
        _posterior.Encode(row.Values, heads, 1, work);
        costs.Clear();
        for (var s = 0; s < Samples; s++)
        {
            var outputs = _posterior.Decode(heads, _noise.AsSpan(s * latent, latent), codes, 1, work);
            for (var b = 0; b < costs.Length; b++)
                costs[b] += row.Missing.IsEmpty || row.Missing[b] == 0 ? _likelihood.Cost(b, row.Values, outputs) : 0;
        }
    }

    // log p(z) - log q(z | x) with z = mean + deviation noise; the constants cancel.
    private static double LogPriorRatio(ReadOnlySpan<float> head, ReadOnlySpan<float> code, ReadOnlySpan<float> noise)
    {
        var sum = 0.0;
        for (var j = 0; j < code.Length; j++)
            sum += ((double)noise[j] * noise[j]) + head[code.Length + j] - ((double)code[j] * code[j]);
        return sum / 2;
    }

    private static double Divergence(ReadOnlySpan<float> head)
    {
        var latent = head.Length / 2;
        var sum = 0.0;
        for (var j = 0; j < latent; j++)
            sum += ((double)head[j] * head[j]) + Math.Exp(head[latent + j]) - head[latent + j] - 1;
        return sum / 2;
    }

    // Keeps sum_s exp(w_s - greatest), which neither overflows nor vanishes.
    private static void AddWeight(double weight, ref double greatest, ref double sum)
    {
        if (weight > greatest)
        {
            sum = (sum * Math.Exp(greatest - weight)) + 1;
            greatest = weight;
        }
        else if (weight > double.NegativeInfinity)
        {
            sum += Math.Exp(weight - greatest);
        }
    }
}
