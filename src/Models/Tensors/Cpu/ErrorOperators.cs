using System.Numerics;

namespace AEAnomaly.Models.Tensors.Cpu;

internal readonly struct SquaredErrorOperator : IErrorOperator
{
    public static Vector<float> Error(Vector<float> output, Vector<float> target)
    {
        var difference = output - target;
        return difference * difference;
    }

    public static Vector<float> Slope(Vector<float> output, Vector<float> target)
    {
        var difference = output - target;
        return difference + difference;
    }
}

internal readonly struct BernoulliErrorOperator : IErrorOperator
{
    public static Vector<float> Error(Vector<float> output, Vector<float> target) => SoftplusOperator.Value(output) - (target * output);

    public static Vector<float> Slope(Vector<float> output, Vector<float> target) => SigmoidOperator.Value(output) - target;
}
