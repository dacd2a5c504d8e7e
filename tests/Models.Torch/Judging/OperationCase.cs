using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Describes a differentiable operation.</summary>
/// <param name="Name">Name of the operation's class, with a remark after a comma.</param>
/// <param name="Inputs">Its tensors: first those that have gradients, then constants.</param>
/// <param name="Learned">How many have gradients.</param>
/// <param name="Apply">Computes it, on a tape or without.</param>
internal sealed record OperationCase(string Name, Input[] Inputs, int Learned, Func<Tape?, Tensor[], Tensor> Apply)
{
    public OperationCase(string name, Input[] inputs, Func<Tape?, Tensor[], Tensor> apply)
        : this(name, inputs, inputs.Length, apply)
    {
    }

    /// <summary>Gets the name of the operation's class.</summary>
    public string Operation => Name.Split(',')[0];

    /// <summary>Compares our tape on one device with torch's autograd.</summary>
    public Verdict Judge(Device ours, Device torch)
    {
        var tensors = Array.ConvertAll(Inputs, input => input.Create(ours));
        var tape = new Tape(ours);
        foreach (var leaf in tensors.Take(Learned))
            tape.Watch(leaf);
        var result = Apply(tape, tensors);
        tape.Backward(result, ours.Create(result.Shape, TorchAutograd.Seed(result.Count)));

        var others = Array.ConvertAll(Inputs, input => input.Create(torch));
        var (values, gradients) = TorchAutograd.Run(others[..Learned], () => Apply(null, others), TorchAutograd.Seed);
        var verdict = new Verdict(Name, 1, Difference.Largest(values, result.ToArray()));
        for (var i = 0; i < Learned; i++)
        {
            var difference = Difference.Largest(gradients[i], tape.Gradient(tensors[i])!.ToArray());
            verdict = verdict.With(new Verdict(Name, 1, 0, difference, $"input {i} {Inputs[i].Shape}"));
        }

        return verdict;
    }
}
