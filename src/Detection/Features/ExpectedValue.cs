namespace AEAnomaly.Detection.Features;

/// <summary>Says what a model expected of a field, in the field's own terms.</summary>
/// <param name="Number">Expected number (numeric), probability of true (boolean), seconds of the day (timestamp); NaN for categories.</param>
/// <param name="Text">Most likely category, or a readable form of the expected value.</param>
/// <param name="Probability">Probability of <paramref name="Text"/> for categories and booleans; NaN otherwise.</param>
public readonly record struct ExpectedValue(double Number, string Text, double Probability);
