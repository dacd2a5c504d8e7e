using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Describes a call of a device's kernel.</summary>
/// <param name="Name">Name of the kernel, with a remark after a comma.</param>
/// <param name="Inputs">Its tensors, those that it writes to as well: what is there may count.</param>
/// <param name="Run">Calls it.</param>
/// <param name="Results">Which of the tensors hold results.</param>
internal sealed record KernelCase(string Name, Input[] Inputs, Action<Device, Tensor[]> Run, params int[] Results)
{
    /// <summary>Gets the name of the kernel itself.</summary>
    public string Kernel => Name.Split(',')[0];

    /// <summary>Runs it on two devices and compares the results.</summary>
    public Verdict Judge(Device ours, Device other)
    {
        var (expected, found) = (Execute(ours), Execute(other));
        return new Verdict(Name, Results.Length, expected.Zip(found).Max(pair => Difference.Largest(pair.First, pair.Second)));
    }

    private float[][] Execute(Device device)
    {
        var tensors = Array.ConvertAll(Inputs, input => input.Create(device));
        Run(device, tensors);
        return Array.ConvertAll(Results, result => tensors[result].ToArray());
    }
}
