// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

public sealed partial class QuantizedIndex
{
    private const int ValuesOfPiece = 1 << 18;

    /// <summary>Writes the index; removed entries are not in what is written.</summary>
    /// <param name="stream">Is written front to back and left open.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        QuantizedState state = _state;
        if (state.Quantizer is { } trained && (long)trained.SubspaceCount * state.Count > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"A quantised index must have at most {Array.MaxLength} bytes of codes to be saved. "
                + $"Got {(long)trained.SubspaceCount * state.Count}. Share the vectors out among several.");
        }

        var writer = new SectionWriter(stream);
        writer.Write("quantizedIndex", fields =>
        {
            fields.Write(Dimension);
            fields.Write((int)Metric);
            IndexOptionsFormat.Write(fields, Settings);
            fields.Write(state.Count);
            fields.Write(state.Quantizer?.SubspaceCount ?? 0);
        });
        int[] live = [.. Live(state)];
        writer.Write("ids", Array.ConvertAll(live, state.IdAt));
        if (state.Quantizer is { } quantizer)
        {
            QuantizedFormat.WriteCentroids(writer, quantizer);
            Write<byte>(writer, "codes", live, quantizer.SubspaceCount, (position, code) =>
            {
                (int view, int row) = state.Locate(position);
                state.Views[view].Block.Codes.CopyTo(row, code);
            });
        }

        if (Settings.KeepVectors || state.Quantizer is null)
        {
            Write<float>(
                writer, "vectors", live, Dimension, (position, vector) => CopyVector(state, position, vector));
        }

        writer.End();
    }

    /// <summary>Reads an index.</summary>
    /// <param name="stream">Is read front to back and left open; it need not seek.</param>
    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static QuantizedIndex Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var reader = new SectionReader(stream);
        (QuantizedIndex index, int count, int m) = reader.Read("quantizedIndex", ReadFields);
        if (m != 0 && m != index.Settings.SubspacesOf(index.Dimension))
            throw reader.Error($"must have 0 or {index.Settings.SubspacesOf(index.Dimension)} subspaces", $"{m}");
        if (m == 0 && count >= index.Settings.TrainingCount)
            throw reader.Error($"must have codebooks from {index.Settings.TrainingCount} entries on", $"{count}");
        long[] ids = reader.ReadAll<long>("ids", count);
        if (ids.Distinct().Count() < ids.Length) throw reader.Error("must differ", "an id twice");
        ProductQuantizer? quantizer = m > 0 ? QuantizedFormat.ReadCentroids(reader, index.Dimension, m) : null;
        index.Read(reader, quantizer, ids);
        reader.EndFile();
        return index;
    }

    private static (QuantizedIndex Index, int Count, int SubspaceCount) ReadFields(BinaryReader fields)
    {
        int dimension = fields.ReadInt32();
        var metric = (Metric)fields.ReadInt32();
        QuantizedSettings settings = IndexOptionsFormat.ReadQuantization(fields);
        int count = fields.ReadInt32(), trained = fields.ReadInt32();
        if (count < 0) throw new FormatException($"count must be at least 0. Got {count}.");
        return (new QuantizedIndex(dimension, metric, settings), count, trained);
    }

    private static void Write<T>(
        SectionWriter writer, string name, int[] live, int width, RowCopy<T> copy)
        where T : unmanaged
    {
        int rowsOfPiece = Math.Max(1, ValuesOfPiece / width);
        T[] piece = new T[rowsOfPiece * width];
        long length = MemoryMarshal.AsBytes(piece.AsSpan(0, width)).Length * (long)live.Length;
        writer.Write(name, length, (live.Length + rowsOfPiece - 1) / rowsOfPiece, index =>
        {
            int first = index * rowsOfPiece, rows = Math.Min(rowsOfPiece, live.Length - first);
            for (int row = 0; row < rows; row++) copy(live[first + row], piece.AsSpan(row * width, width));
            return MemoryMarshal.AsBytes(piece.AsSpan(0, rows * width));
        });
    }

    private delegate void RowCopy<T>(int position, Span<T> row);

    private void Read(SectionReader reader, ProductQuantizer? quantizer, long[] ids)
    {
        int m = quantizer?.SubspaceCount ?? 0;
        bool keepsVectors = Settings.KeepVectors || quantizer is null;
        byte[] codes = [];
        if (m > 0)
        {
            if ((long)m * ids.Length > Array.MaxLength)
            {
                throw reader.Error(
                    $"must be followed by at most {Array.MaxLength} bytes of codes", $"{ids.Length} x {m}");
            }

            codes = reader.ReadAll<byte>("codes", ids.Length * m);
        }

        long bytes = (long)Dimension * sizeof(float);
        if (keepsVectors && reader.Begin("vectors") is var length && length != bytes * ids.Length)
            throw reader.Error($"must hold {bytes * ids.Length} bytes", $"{length}");
        var writer = new QuantizedBlockWriter([], Dimension, m, keepsVectors);
        float[] vectors = [];
        int rowsOfPiece = Math.Max(1, ValuesOfPiece / Dimension);
        for (int first = 0; first < ids.Length; first += rowsOfPiece)
        {
            int rows = Math.Min(rowsOfPiece, ids.Length - first);
            if (keepsVectors)
            {
                vectors = new float[rows * Dimension];
                reader.Read(MemoryMarshal.AsBytes(vectors.AsSpan()));
                reader.RequireFinite(vectors);
            }

            writer.Append(
                ids.AsSpan(first, rows), m == 0 ? [] : codes.AsSpan(first * m, rows * m), vectors);
        }

        if (keepsVectors) reader.End();
        Publish(new QuantizedState(quantizer, writer.Views, ids.Length, writer.End));
    }
}
