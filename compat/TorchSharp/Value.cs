// Licensed under the MIT License. See LICENSE in the project root for license information.
using System.Text;

namespace TorchSharp;

/// <summary>One argument of an operator.</summary>
internal readonly struct Value
{
    // The order is the shim's.
    private enum Kinds { Default, None, Tensor, Integer, Real, Truth, Integers, Reals, Tensors, Place, Text, Random }

    private readonly Kinds _kind;
    private readonly long _integer;
    private readonly double _real;

    private Value(Kinds kind, object value = null, long integer = 0, double real = 0)
    {
        _kind = kind;
        Object = value;
        _integer = integer;
        _real = real;
    }

    /// <summary>Whatever the operator takes when it is not told.</summary>
    public static Value Default => default;

    public static Value None => new(Kinds.None);

    /// <summary>What must stay alive during the call.</summary>
    public object Object { get; }

    /// <summary>Eight-byte words that <see cref="Write"/> needs beside the argument.</summary>
    public long Words => Object switch
    {
        Array array => array.Length,
        byte[] or null => 0,
        string text => (Encoding.UTF8.GetByteCount(text) + 7) / 8,
        _ => 0,
    };

    public static implicit operator Value(torch.Tensor tensor) =>
        tensor is null ? None : new(Kinds.Tensor, tensor);

    public static implicit operator Value(long value) => new(Kinds.Integer, integer: value);

    public static implicit operator Value(double value) => new(Kinds.Real, real: value);

    public static implicit operator Value(bool value) => new(Kinds.Truth, integer: value ? 1 : 0);

    public static implicit operator Value(long[] values) => values is null ? None : new(Kinds.Integers, values);

    public static implicit operator Value(torch.Tensor[] tensors) => new(Kinds.Tensors, tensors);

    public static implicit operator Value(string text) => new(Kinds.Text, text);

    public static implicit operator Value(torch.Device device) =>
        device is null ? None : new(Kinds.Place, device, device.Code);

    public static implicit operator Value(torch.ScalarType type) => new(Kinds.Integer, integer: (long)type);

    public static implicit operator Value(torch.ScalarType? type) => type is { } t ? t : None;

    public static implicit operator Value(torch.Generator generator) =>
        generator is null ? None : new(Kinds.Random, generator);

    public static implicit operator Value(Scalar scalar) =>
        scalar is null ? None
        : scalar.Type == torch.ScalarType.Float64 ? new(Kinds.Real, real: scalar.Real)
        : scalar.Type == torch.ScalarType.Bool ? new(Kinds.Truth, integer: scalar.Integer)
        : new(Kinds.Integer, integer: scalar.Integer);

    /// <summary>Writes the argument, and its list behind it; returns how many words of that were used.</summary>
    public unsafe long Write(Native.Argument* argument, long* scratch)
    {
        *argument = new Native.Argument { Kind = (int)_kind, Integer = _integer, Real = _real };
        switch (Object)
        {
            case torch.Tensor tensor:
                argument->Data = (void*)tensor.Handle;
                return 0;
            case torch.Generator generator:
                argument->Data = (void*)generator.Handle;
                return 0;
            case long[] values:
                values.CopyTo(new Span<long>(scratch, values.Length));
                argument->Count = values.Length;
                break;
            case torch.Tensor[] tensors:
                for (int i = 0; i < tensors.Length; i++) scratch[i] = tensors[i] is { } t ? t.Handle : 0;
                argument->Count = tensors.Length;
                break;
            case string text:
                argument->Count = Encoding.UTF8.GetBytes(text, new Span<byte>(scratch, (int)(Words * 8)));
                break;
        }

        argument->Data = scratch;
        return Words;
    }
}
