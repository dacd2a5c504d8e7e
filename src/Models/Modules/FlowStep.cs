namespace AEAnomaly.Models.Modules;

/// <summary>Groups the three layers of one step of a flow, in the order they are applied.</summary>
internal sealed record FlowStep(ActivationNormalization Normalization, TriangularLinear Mixing, AffineCoupling Coupling);
