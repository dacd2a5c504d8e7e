namespace AEAnomaly.Host.Demo;

/// <summary>Describes what is paid for.</summary>
/// <param name="Name">Name.</param>
/// <param name="Weight">How common it is.</param>
/// <param name="MedianAmount">Median amount in EUR.</param>
/// <param name="Spread">Standard deviation of the amount's logarithm.</param>
/// <param name="OnlineShare">Share paid online, 0 to 1.</param>
internal sealed record MerchantCategory(string Name, double Weight, double MedianAmount, double Spread, double OnlineShare);
