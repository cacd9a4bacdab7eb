// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a file says of one of its tensors: name, element type, shape and where its bytes lie.</summary>
/// <remarks>Immutable. Every value has been checked against the file.</remarks>
public sealed class TensorEntry
{
    private readonly long[] _shape;

    internal TensorEntry(string name, TensorDtype dtype, long[] shape, long byteOffset, long byteLength)
    {
        Name = name;
        Dtype = dtype;
        _shape = shape;
        ByteOffset = byteOffset;
        ByteLength = byteLength;
    }

    /// <summary>The name, exactly as it stands in the file.</summary>
    public string Name { get; }

    /// <summary>How one element is written.</summary>
    public TensorDtype Dtype { get; }

    /// <summary>The length of every dimension, outermost first; empty for a scalar. Elements are row-major.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>Number of elements: the product of <see cref="Shape"/>, 1 for a scalar.</summary>
    public long ElementCount => ByteLength / DtypeText.SizeOf(Dtype);

    /// <summary>Place of the first byte, counted from the start of the file.</summary>
    public long ByteOffset { get; }

    /// <summary>Number of bytes, which may exceed what one array holds.</summary>
    public long ByteLength { get; }

    /// <summary>Gives name, element type and shape, such as <c>'bias' F32 [32]</c>.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
        => $"{BadFile.Quote(Name)} {DtypeText.Of(Dtype)} {ShapeText.Of(Shape)}";
}
