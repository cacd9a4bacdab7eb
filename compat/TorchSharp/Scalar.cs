// Licensed under the MIT License. See LICENSE in the project root for license information.
namespace TorchSharp;

public enum DeviceType : int
{
    CPU = 0,
    CUDA = 1,
    META = 14,
}

/// <summary>A number that operators take.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(torch.ScalarType type, long integer, double real)
    {
        Type = type;
        Integer = integer;
        Real = real;
    }

    public torch.ScalarType Type { get; }

    internal long Integer { get; }

    internal double Real { get; }

    public static implicit operator Scalar(bool value) => new(torch.ScalarType.Bool, value ? 1 : 0, value ? 1 : 0);

    public static implicit operator Scalar(int value) => new(torch.ScalarType.Int64, value, value);

    public static implicit operator Scalar(long value) => new(torch.ScalarType.Int64, value, value);

    public static implicit operator Scalar(float value) => new(torch.ScalarType.Float64, (long)value, value);

    public static implicit operator Scalar(double value) => new(torch.ScalarType.Float64, (long)value, value);

    public void Dispose()
    {
    }
}

public static class ScalarExtensionMethods
{
    public static float ToSingle(this Scalar value) => (float)value.Real;

    public static double ToDouble(this Scalar value) => value.Real;

    public static long ToInt64(this Scalar value) => value.Integer;

    public static int ToInt32(this Scalar value) => (int)value.Integer;
}
