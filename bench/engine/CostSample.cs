namespace AEAnomaly.Bench.Engine;

/// <summary>Holds what scoring with a variant costs beside the plain autoencoder.</summary>
/// <param name="Variant">Name, and behind a colon the score where it is not the default one.</param>
/// <param name="Features">Width of a row.</param>
/// <param name="MicrosecondsPerRow">Processor time of a row, in batches of 256.</param>
/// <param name="TimesPlain">Median over the slices of its time divided by that of <c>ae</c>.</param>
/// <param name="Least">Least of these ratios.</param>
/// <param name="Most">Greatest of these ratios.</param>
internal sealed record CostSample(string Variant, int Features, double MicrosecondsPerRow, double TimesPlain, double Least, double Most);
