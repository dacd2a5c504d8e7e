using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Optimization;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;

namespace AEAnomaly.Models.Tests.Optimization;

public sealed class AdamWTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void Step_FiftySteps_FollowsTheDoublePrecisionReference(int count)
    {
        const double Rate = 0.03;
        const double Decay = 0.1;
        var random = new SeededRandom(5);
        var device = new CpuDevice();
        var parameters = new ParameterSet(device);
        var start = new double[count];
        var weight = parameters.Create("weight", new Shape(count), ParameterRole.Weight, Draw);
        var bias = parameters.Create("bias", new Shape(count), ParameterRole.Offset, Copy);
        var constant = parameters.Create("constant", new Shape(count), ParameterRole.Constant, Copy);
        var optimizer = new AdamW(device, parameters.All, Decay);
        var (expectedWeight, expectedBias) = (new Reference(start, Decay), new Reference(start, 0));
        for (var step = 0; step < 50; step++)
        {
            var gradient = new float[count];
            for (var i = 0; i < count; i++)
                gradient[i] = (float)random.NextNormal();
            var tape = new Tape(device);
            optimizer.Watch(tape);
            var factors = device.Create(new Shape(count), gradient);
            tape.Backward(Arithmetic.Add(tape, Arithmetic.Multiply(tape, weight, factors), Arithmetic.Multiply(tape, bias, factors)));
            optimizer.Step(tape, Rate, clipNorm: 0);
            expectedWeight.Step(gradient, Rate);
            expectedBias.Step(gradient, Rate);
        }

        for (var i = 0; i < count; i++)
        {
            Assert.Equal(expectedWeight.Values[i], weight.ToArray()[i], 2e-5);
            Assert.Equal(expectedBias.Values[i], bias.ToArray()[i], 2e-5);
            Assert.Equal((float)start[i], constant.ToArray()[i]);
        }

        void Draw(Span<float> values)
        {
            for (var i = 0; i < count; i++)
            {
                values[i] = (float)random.NextNormal();
                start[i] = values[i];
            }
        }

        void Copy(Span<float> values)
        {
            for (var i = 0; i < count; i++)
                values[i] = (float)start[i];
        }
    }

    [Fact]
    public void Step_GradientAboveClipNorm_IsScaledToIt()
    {
        var device = new CpuDevice();
        var parameters = new ParameterSet(device);
        var first = parameters.Create("first", new Shape(2), ParameterRole.Weight, static _ => { });
        var second = parameters.Create("second", new Shape(1), ParameterRole.Weight, static _ => { });

        // Adam divides the size of a constant gradient out, so the clipped norm shows only when another gradient follows.
        double Update(double firstClip)
        {
            var snapshot = parameters.Snapshot();
            var fresh = new AdamW(device, parameters.All, 0);
            foreach (var (scale, clip) in new[] { (30f, firstClip), (1f, 0.0) })
            {
                var tape = new Tape(device);
                fresh.Watch(tape);
                tape.Backward(Arithmetic.Multiply(tape, first, device.Create(new Shape(2), [scale, scale])));
                fresh.Step(tape, 0.1, clip);
            }

            var result = first.ToArray()[0];
            parameters.Restore(snapshot);
            return result;
        }

        double Expected(double firstGradient)
        {
            var reference = new Reference([0], 0);
            reference.Step([(float)firstGradient], 0.1);
            reference.Step([1], 0.1);
            return reference.Values[0];
        }

        Assert.Equal(Expected(30), Update(0), 1e-5);
        Assert.Equal(Expected(2 / Math.Sqrt(2)), Update(2), 1e-5);
        Assert.Equal(Expected(30), Update(100), 1e-5);
        Assert.Equal(0, second.ToArray()[0]);
    }

    [Fact]
    public void Rate_WholeRun_RisesThenFallsAlongACosine()
    {
        var schedule = new CosineSchedule(0.01, 2000);
        Assert.Equal(0.01 / 51, schedule.Rate(0), 1e-12);
        Assert.Equal(0.01, schedule.Rate(50), 1e-12);
        Assert.Equal(0.01 * (0.01 + (0.99 * 0.5)), schedule.Rate(1025), 1e-12);
        Assert.Equal(0.0001, schedule.Rate(2000), 1e-9);
        Assert.Equal(Enumerable.Range(50, 1950).Select(schedule.Rate).OrderDescending(), Enumerable.Range(50, 1950).Select(schedule.Rate));
    }

    /// <summary>Follows Loshchilov and Hutter (2019), algorithm 2, in double precision.</summary>
    private sealed class Reference(double[] start, double decay)
    {
        private readonly double[] _mean = new double[start.Length];
        private readonly double[] _square = new double[start.Length];
        private int _step;

        public double[] Values { get; } = [.. start];

        public void Step(float[] gradient, double rate)
        {
            _step++;
            for (var i = 0; i < Values.Length; i++)
            {
                _mean[i] = (0.9 * _mean[i]) + (0.1 * gradient[i]);
                _square[i] = (0.999 * _square[i]) + (0.001 * gradient[i] * gradient[i]);
                var mean = _mean[i] / (1 - Math.Pow(0.9, _step));
                var square = _square[i] / (1 - Math.Pow(0.999, _step));
                Values[i] -= rate * ((mean / (Math.Sqrt(square) + 1e-8)) + (decay * Values[i]));
            }
        }
    }
}
