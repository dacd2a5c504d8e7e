using AEAnomaly.Models.Manifolds;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tests.Autograd;
using AEAnomaly.Models.Tests.References;

namespace AEAnomaly.Models.Tests.Manifolds;

public sealed class ConstantCurvatureManifoldTests
{
    private readonly Device _device = GradientCheck.NewDevice();

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(0.25)]
    [InlineData(-1.0)]
    [InlineData(-4.0)]
    public void Project_OddSizes_MatchesCentralDifferencesAndTheSinglePoint(double curvature)
    {
        var manifold = new ConstantCurvatureManifold(curvature);
        foreach (var (rows, width) in new[] { (1, 2), (7, 33), (33, 7) })
        {
            var points = GradientCheck.AwayFromZero(_device, new Shape(rows, width), 151);
            GradientCheck.Run((tape, x) => manifold.Project(tape, Models.Autograd.Arithmetic.Scale(tape, x[0], 1)), points);
            var projected = manifold.Project(null, points).ToArray();
            for (var row = 0; row < rows; row++)
            {
                var point = points.ToArray().AsSpan(row * width, width).ToArray();
                manifold.Project(point);
                for (var j = 0; j < width; j++)
                    Assert.Equal(point[j], projected[(row * width) + j], 1e-5f * (1 + Math.Abs(point[j])));
            }
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.25)]
    [InlineData(-1.0)]
    [InlineData(-4.0)]
    public void Deviations_AnyPoint_AreTheProductLessOneOverTheCurvature(double curvature)
    {
        var manifold = new ConstantCurvatureManifold(curvature);
        var points = GradientCheck.Normal(_device, new Shape(33, 7), 152);
        GradientCheck.Run((tape, x) => manifold.Deviations(tape, x[0]), points);
        var values = points.ToArray();
        var deviations = manifold.Deviations(null, points).ToArray();
        for (var row = 0; row < 33; row++)
        {
            var expected = Product(values.AsSpan(row * 7, 7), curvature) - (1 / curvature);
            Assert.Equal(expected, deviations[row], 1e-5 * (1 + Math.Abs(expected)));
            Assert.Equal(expected, manifold.Deviation(values.AsSpan(row * 7, 7)), 1e-5 * (1 + Math.Abs(expected)));
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.25)]
    [InlineData(-1.0)]
    [InlineData(-4.0)]
    public void DrawPrior_Curved_LiesOnTheManifoldWithTheDistancesOfItsDistribution(double curvature)
    {
        var manifold = new ConstantCurvatureManifold(curvature);
        var draws = manifold.DrawPrior(_device, new Shape(4000, 3), new SeededRandom(153)).ToArray();
        var distances = 0.0;
        for (var row = 0; row < 4000; row++)
        {
            var point = draws.AsSpan(row * 3, 3);
            var scale = point.ToArray().Sum(value => (double)value * value);
            Assert.Equal(1 / curvature, Product(point, curvature), 1e-5 * (1 + scale));

            // Sphere: a coordinate of the uniform distribution in three dimensions is uniform; its square has mean r² / 3.
            // Hyperboloid: the squared distance from the apex, (r arcosh(z_0 / r))², is chi-square with two degrees of freedom.
            var radius = 1 / Math.Sqrt(Math.Abs(curvature));
            distances += curvature > 0 ? point[0] * point[0] * curvature * 3 : Math.Pow(radius * Math.Acosh(Math.Max(1, point[0] / radius)), 2) / 2;
        }

        Assert.Equal(1, distances / 4000, 0.06);
    }

    [Fact]
    public void EnergyTest_SameAndShiftedSamples_AreToldApart()
    {
        float[] Draw(ulong seed, float shift) => GradientCheck.Normal(_device, new Shape(200, 3), seed, 1, shift).ToArray();
        Assert.True(EnergyTest.PValue(Draw(154, 0), Draw(155, 0), 3, 156) > 0.05);
        Assert.True(EnergyTest.PValue(Draw(154, 0), Draw(155, 0.3f), 3, 156) < 0.01);
    }

    private static double Product(ReadOnlySpan<float> point, double curvature)
    {
        var sum = (curvature < 0 ? -1.0 : 1.0) * point[0] * point[0];
        foreach (var value in point[1..])
            sum += (double)value * value;
        return sum;
    }
}
