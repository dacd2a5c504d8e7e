using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tests.Kernels;

/// <summary>The check of a commit runs these tests a second and a third time with registers switched off in the runtime; here is seen that they are off.</summary>
public sealed class VectorWidthTests
{
    [Fact]
    public void Widest_RegistersSwitchedOff_AreNotUsed()
    {
        var widest = IsOff("DOTNET_EnableAVX2") ? VectorWidth.Scalar : IsOff("DOTNET_EnableAVX512") ? VectorWidth.Bits256 : VectorWidth.Bits512;

        Assert.InRange(VectorWidths.Widest, VectorWidth.Scalar, widest);
    }

    private static bool IsOff(string variable) => Environment.GetEnvironmentVariable(variable) == "0";
}
