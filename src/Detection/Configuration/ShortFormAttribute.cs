namespace AEAnomaly.Detection.Configuration;

/// <summary>Lets a section be written as one word: the name of a key that is then true.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShortFormAttribute : Attribute;
