using System.Diagnostics;
using System.Globalization;

namespace AEAnomaly.TestKit.Fuzzing;

/// <summary>Hands damaged input to what must answer every input, and fails with the input that it did not.</summary>
/// <remarks>
/// By default a tenth of a number of variants, of a fixed seed; all of them where <see cref="WholeVariable"/> is set, as <c>.ci/run</c> does. With <see cref="SecondsVariable"/> each run lasts that long, from the seed of <see cref="SeedVariable"/>,
/// and appends a line of figures to the file of <see cref="ResultVariable"/>: <c>bench/fuzz/run.sh</c> does that.
/// </remarks>
public static class FuzzRun
{
    public const string WholeVariable = "AEANOMALY_TEST_FUZZ_WHOLE";
    public const string SecondsVariable = "AEANOMALY_TEST_FUZZ_SECONDS";
    public const string SeedVariable = "AEANOMALY_TEST_FUZZ_SEED";
    public const string ResultVariable = "AEANOMALY_TEST_FUZZ_RESULT";

    // An answer that takes this long, for input of some kilobytes, is none.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    /// <summary>Takes one variant.</summary>
    /// <returns>In one word what became of it, say "decoded" or a reason.</returns>
    public delegate string Target(ReadOnlySpan<byte> input);

    /// <summary>Runs.</summary>
    /// <param name="name">Name, for messages.</param>
    /// <param name="whole">How many variants a whole run takes.</param>
    /// <param name="samples">Good input.</param>
    /// <param name="tokens">Texts that the format has a meaning for.</param>
    /// <param name="target">Throws where the answer is wrong, or where there is none.</param>
    /// <returns>How often each outcome came.</returns>
    public static IReadOnlyDictionary<string, long> Run(string name, int whole, IReadOnlyList<byte[]> samples, IReadOnlyList<string> tokens, Target target)
    {
        var seconds = Read(SecondsVariable);
        var seed = Read(SeedVariable) ?? 1;
        var count = Read(WholeVariable) is null ? whole / 10 : whole;
        var mutator = new Mutator(seed, samples, tokens);
        var outcomes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var longest = TimeSpan.Zero;
        var started = Stopwatch.GetTimestamp();
        var done = 0L;
        var answering = (Began: 0L, Input: Array.Empty<byte>());
        // An answer that never comes cannot be waited for: the process ends, and says what it was asked.
        using var watch = new Timer(_ => EndWhereStuck(name, seed, Volatile.Read(ref answering.Began), answering.Input), null, LongestAnswer, LongestAnswer);
        for (; seconds is { } bound ? Stopwatch.GetElapsedTime(started).TotalSeconds < bound : done < count; done++)
        {
            var input = mutator.Next();
            var began = Stopwatch.GetTimestamp();
            answering.Input = input.ToArray();
            Volatile.Write(ref answering.Began, began);
            string outcome;
            try
            {
                outcome = target(input);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{name}: variant {done} of seed {seed} escaped: {exception.Message}\n{Convert.ToBase64String(input)}", exception);
            }

            Volatile.Write(ref answering.Began, 0);
            var took = Stopwatch.GetElapsedTime(began);
            if (took > LongestAnswer)
                throw new InvalidOperationException($"{name}: variant {done} of seed {seed} took {took.TotalSeconds:0.0} s\n{Convert.ToBase64String(input)}");
            longest = took > longest ? took : longest;
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        Report(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {done:N0} variants of seed {seed} in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, the longest answer {longest.TotalMilliseconds:0.0} ms; {string.Join(", ", outcomes.Select(outcome => $"{outcome.Key} {outcome.Value:N0}"))}"));
        return outcomes;
    }

    private static void EndWhereStuck(string name, int seed, long began, byte[] input)
    {
        if (began == 0 || Stopwatch.GetElapsedTime(began) < LongestAnswer)
            return;
        var text = $"{name}: no answer within {LongestAnswer.TotalSeconds} s, seed {seed}\n{Convert.ToBase64String(input)}";
        Report(text);
        Environment.FailFast(text);
    }

    private static int? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    private static void Report(string line)
    {
        if (Environment.GetEnvironmentVariable(ResultVariable) is { Length: > 0 } file)
            File.AppendAllLines(file, [line]);
    }
}
