namespace AEAnomaly.Detection.Configuration;

/// <summary>Chooses what networks are trained on. Records are always scored by the native engine.</summary>
public enum TrainingDevice
{
    /// <summary>The native engine, unless there is a GPU and the network is large enough to gain by it.</summary>
    Auto,

    /// <summary>The native engine, in the process.</summary>
    Native,

    /// <summary>TorchSharp on the processor, in a process of its own.</summary>
    Torch,

    /// <summary>TorchSharp on a GPU, in a process of its own.</summary>
    Cuda,
}
