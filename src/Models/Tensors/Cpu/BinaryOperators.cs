using System.Numerics;

namespace AEAnomaly.Models.Tensors.Cpu;

internal readonly struct AddOperator : IBinaryOperator
{
    public static Vector<float> Invoke(Vector<float> a, Vector<float> b) => a + b;
}

internal readonly struct SubtractOperator : IBinaryOperator
{
    public static Vector<float> Invoke(Vector<float> a, Vector<float> b) => a - b;
}

internal readonly struct MultiplyOperator : IBinaryOperator
{
    public static Vector<float> Invoke(Vector<float> a, Vector<float> b) => a * b;
}
