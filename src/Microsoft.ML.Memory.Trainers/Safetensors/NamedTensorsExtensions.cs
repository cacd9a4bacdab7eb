// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Reads stored tensors as numbers, whatever type they are stored in.</summary>
public static class NamedTensorsExtensions
{
    private const int PieceBytes = 1 << 14;

    /// <param name="tensors">Where the tensors are stored.</param>
    extension(INamedTensors tensors)
    {
        /// <summary>Finds a tensor by its exact name.</summary>
        /// <param name="name">Name of the tensor.</param>
        /// <returns>What the file says of it.</returns>
        /// <exception cref="InvalidDataException">There is none; the message has the names nearest to it.</exception>
        public TensorEntry Find(string name)
        {
            ArgumentNullException.ThrowIfNull(name);

            return tensors.Tensors.TryGetValue(name, out TensorEntry? entry)
                ? entry
                : throw TensorNames.Missing(tensors, name);
        }

        /// <summary>Reads all of a floating-point tensor as single precision.</summary>
        /// <remarks>F16 and BF16 widen exactly; F64 is rounded, and infinite beyond the range of a Single.</remarks>
        /// <param name="name">Name of the tensor.</param>
        /// <returns>Its elements, row-major.</returns>
        /// <exception cref="InvalidDataException">There is no such tensor, or it is not floating-point, or it has
        /// more elements than an array can have: read it in pieces with CopyTo.</exception>
        public float[] ReadSingles(string name)
        {
            float[] values = new float[tensors.ArrayLength(name)];
            tensors.CopyTo(name, 0, values);
            return values;
        }

        /// <summary>Reads all of a floating-point tensor as single precision.</summary>
        /// <param name="name">Name of the tensor.</param>
        /// <param name="destination">Receives its elements, row-major; exactly as long as the tensor.</param>
        /// <exception cref="InvalidDataException">There is no such tensor, or it is not floating-point.</exception>
        /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
        public void CopyTo(string name, Span<float> destination)
        {
            TensorEntry entry = tensors.Find(name);
            if (destination.Length != entry.ElementCount)
            {
                throw new ArgumentException(
                    $"destination must be {ShapeText.Of(entry.Shape)} = {entry.ElementCount} values long. "
                    + $"Got {destination.Length}.", nameof(destination));
            }

            tensors.CopyTo(name, 0, destination);
        }

        /// <summary>Reads a run of elements of a floating-point tensor as single precision.</summary>
        /// <param name="name">Name of the tensor.</param>
        /// <param name="start">First element to read.</param>
        /// <param name="destination">Receives the elements; as many are read as it is long.</param>
        /// <exception cref="InvalidDataException">There is no such tensor, or it is not floating-point.</exception>
        /// <exception cref="ArgumentException">The elements asked for are not all within the tensor.</exception>
        public void CopyTo(string name, long start, Span<float> destination)
        {
            TensorEntry entry = tensors.Find(name);
            CheckRun(entry, start, destination.Length);
            switch (entry.Dtype)
            {
                case TensorDtype.Float32:
                    tensors.ReadBytes(name, start * sizeof(float), MemoryMarshal.AsBytes(destination));
                    break;
                case TensorDtype.Float16:
                    Convert<Half, float>(tensors, name, start, destination, TensorPrimitives.ConvertToSingle);
                    break;
                case TensorDtype.BFloat16:
                    Convert<ushort, float>(tensors, name, start, destination, Widen);
                    break;
                case TensorDtype.Float64:
                    Convert<double, float>(tensors, name, start, destination, TensorPrimitives.ConvertTruncating);
                    break;
                default:
                    throw WrongType(tensors, entry, "F16, BF16, F32 or F64");
            }
        }

        /// <summary>Reads all of a tensor of whole numbers.</summary>
        /// <param name="name">Name of the tensor.</param>
        /// <returns>Its elements, row-major.</returns>
        /// <exception cref="InvalidDataException">There is no such tensor, or it is not of whole numbers of at most
        /// 63 bits, or it has more elements than an array can have.</exception>
        public long[] ReadInt64s(string name)
        {
            TensorEntry entry = tensors.Find(name);
            long[] values = new long[tensors.ArrayLength(name)];
            switch (entry.Dtype)
            {
                case TensorDtype.Int64: tensors.ReadBytes(name, 0, MemoryMarshal.AsBytes(values.AsSpan())); break;
                case TensorDtype.UInt32: Widen<uint>(tensors, name, values); break;
                case TensorDtype.Int32: Widen<int>(tensors, name, values); break;
                case TensorDtype.UInt16: Widen<ushort>(tensors, name, values); break;
                case TensorDtype.Int16: Widen<short>(tensors, name, values); break;
                case TensorDtype.Int8: Widen<sbyte>(tensors, name, values); break;
                case TensorDtype.UInt8 or TensorDtype.Boolean: Widen<byte>(tensors, name, values); break;
                default: throw WrongType(tensors, entry, "BOOL, U8, I8, I16, U16, I32, U32 or I64");
            }

            return values;
        }

        /// <summary>Opens the bytes of a tensor as a stream, which is read in pieces and need not be closed.</summary>
        /// <param name="name">Name of the tensor.</param>
        /// <returns>A stream that can be read and moved in; for one thread.</returns>
        /// <exception cref="InvalidDataException">There is no such tensor.</exception>
        public Stream OpenRead(string name) => new TensorStream(tensors, tensors.Find(name));

        private int ArrayLength(string name)
        {
            TensorEntry entry = tensors.Find(name);
            return entry.ElementCount <= Array.MaxLength
                ? (int)entry.ElementCount
                : throw BadFile.Error(
                    SafetensorsHeader.Subject(name), tensors.Source,
                    $"have at most {Array.MaxLength} elements to be read at once", $"{entry.ElementCount}");
        }
    }

    private delegate void Conversion<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to);

    private static void Convert<TFrom, TTo>(
        INamedTensors tensors, string name, long start, Span<TTo> destination, Conversion<TFrom, TTo> convert)
        where TFrom : unmanaged
    {
        Span<TFrom> piece = stackalloc TFrom[PieceBytes / Unsafe.SizeOf<TFrom>()];
        while (!destination.IsEmpty)
        {
            int count = Math.Min(piece.Length, destination.Length);
            Span<TFrom> from = piece[..count];
            tensors.ReadBytes(name, start * Unsafe.SizeOf<TFrom>(), MemoryMarshal.AsBytes(from));
            convert(from, destination[..count]);
            destination = destination[count..];
            start += count;
        }
    }

    private static void Widen<TFrom>(INamedTensors tensors, string name, long[] destination)
        where TFrom : unmanaged, INumber<TFrom>
        => Convert<TFrom, long>(tensors, name, 0, destination, TensorPrimitives.ConvertTruncating);

    private static void Widen(ReadOnlySpan<ushort> from, Span<float> to)
    {
        for (int index = 0; index < from.Length; index++)
            to[index] = BitConverter.UInt32BitsToSingle((uint)from[index] << 16);
    }

    private static void CheckRun(TensorEntry entry, long start, int count)
    {
        if (start >= 0 && start <= entry.ElementCount - count) return;
        throw new ArgumentException(
            $"start must leave {count} elements of the {entry.ElementCount} of the tensor. Got {start}.",
            nameof(start));
    }

    private static InvalidDataException WrongType(INamedTensors tensors, TensorEntry entry, string accepted)
        => BadFile.Error(
            SafetensorsHeader.Subject(entry.Name), tensors.Source, $"be {accepted}", DtypeText.Of(entry.Dtype));
}
