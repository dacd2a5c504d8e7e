using AEAnomaly.Detection.Configuration;
using AEAnomaly.Host.Training;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Host.Tests.Training;

public sealed class DeviceFitterTests
{
    private static readonly ChildProgram Crashing = new("sh", ["-c", "kill -SEGV $$"]);
    private static readonly FitContext Context = new(TimeProvider.System);

    [Theory]
    [InlineData(TrainingDevice.Auto)]
    [InlineData(TrainingDevice.Native)]
    public void Fit_SmallNetwork_StaysInThisProcess(TrainingDevice device)
    {
        var reasons = new List<string>();

        var model = Fit(new DeviceFitter(device, TrainingFallback.None, Crashing, reasons.Add));

        Assert.Equal("native", model.Report.Device);
        Assert.Empty(reasons);
    }

    [Fact]
    public void Fit_DeviceFailsAndFallbackIsNative_TrainsNativelyAndSaysWhy()
    {
        var reasons = new List<string>();

        var model = Fit(new DeviceFitter(TrainingDevice.Torch, TrainingFallback.Native, Crashing, reasons.Add));

        Assert.Equal("native", model.Report.Device);
        Assert.Contains("crashed (signal 11", Assert.Single(reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TrainingDevice.Torch)]
    [InlineData(TrainingDevice.Cuda)]
    public void Fit_DeviceFailsAndNoFallback_FailsWithTheReason(TrainingDevice device)
    {
        var reasons = new List<string>();

        var error = Assert.Throws<TrainingDeviceException>(() => Fit(new DeviceFitter(device, TrainingFallback.None, Crashing, reasons.Add)));

        Assert.Contains("crashed (signal 11", error.Message, StringComparison.Ordinal);
        Assert.Empty(reasons);
    }

    private static TrainedModel Fit(DeviceFitter fitter) =>
        fitter.Fit(FitterRows.Set(), FitterRows.Variant("ae"), FitterRows.Options(), Context, CancellationToken.None);
}
