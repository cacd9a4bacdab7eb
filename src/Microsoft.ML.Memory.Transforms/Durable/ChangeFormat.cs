// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Writes and reads the content of a change in a journal.</summary>
/// <remarks>
/// Little-endian. Kinds: 1 add, 2 remove, 3 correct, 4 adapt, 5 drop empty classes. What is read is checked as far as
/// it can be without the memory: lengths fit each other, numbers are finite where they must be.
/// </remarks>
internal static class ChangeFormat
{
    private const byte Add = 1, Remove = 2, Correct = 3, Adapt = 4, DropClasses = 5;
    private const byte NumbersOnly = 0;
    private const byte HasIds = 1, HasWeights = 2;

    public static JournalChange Write(MemoryChange change)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content, Encoding.UTF8);
        byte kind = change switch
        {
            AddChange add => WriteAdd(writer, add),
            RemoveChange remove => WriteRemove(writer, remove),
            CorrectChange correct => WriteCorrect(writer, correct),
            AdaptChange adapt => WriteAdapt(writer, adapt),
            _ => DropClasses,
        };
        writer.Flush();
        return new JournalChange(kind, content.GetBuffer().AsMemory(0, (int)content.Length));
    }

    /// <exception cref="InvalidDataException">The content is not that of a change.</exception>
    public static MemoryChange Read(JournalChange change)
    {
        if (!MemoryMarshal.TryGetArray(change.Content, out ArraySegment<byte> bytes)) bytes = change.Content.ToArray();
        using var content = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        using var reader = new BinaryReader(content, Encoding.UTF8);
        try
        {
            MemoryChange read = change.Kind switch
            {
                Add => ReadAdd(reader),
                Remove => ReadRemove(reader),
                Correct => new CorrectChange(reader.ReadInt64(), ReadLabels(reader, 1)),
                Adapt => new AdaptChange(ReadArray<float>(reader, reader.ReadInt32())),
                DropClasses => new DropClassesChange(),
                _ => throw Error("be of a known kind", $"{change.Kind}"),
            };
            return content.Position == content.Length
                ? read
                : throw Error("end after its last field", $"{content.Length - content.Position} more bytes");
        }
        catch (Exception error) when (error is IOException or FormatException or ArgumentException)
        {
            throw Error("hold valid fields", error.Message.TrimEnd('.'));
        }
    }

    private static byte WriteAdd(BinaryWriter writer, AddChange change)
    {
        writer.Write(change.Count);
        writer.Write((byte)((change.Ids is null ? 0 : HasIds) | (change.Weights is null ? 0 : HasWeights)));
        WriteLabels(writer, change.Labels);
        WriteArray<long>(writer, change.Ids);
        WriteArray<float>(writer, change.Weights);
        writer.Write(change.Features.Length);
        WriteArray<float>(writer, change.Features);
        return Add;
    }

    private static AddChange ReadAdd(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        byte flags = reader.ReadByte();
        if (count < 1) throw Error("add at least 1 example", $"{count}");
        if (flags > (HasIds | HasWeights)) throw Error("have known flags", $"{flags}");
        ChangeLabels labels = ReadLabels(reader, count);
        long[]? ids = (flags & HasIds) == 0 ? null : ReadArray<long>(reader, count);
        float[]? weights = (flags & HasWeights) == 0 ? null : ReadArray<float>(reader, count);
        if (weights is not null && !Array.TrueForAll(weights, weight => weight >= 0 && float.IsFinite(weight)))
            throw Error("have finite weights of at least 0", "others");
        float[] features = ReadArray<float>(reader, reader.ReadInt32());
        if (!FeatureReader.IsFinite(features)) throw Error("have finite features", "NaN or infinity");
        return new AddChange(labels, features) { Ids = ids, Weights = weights };
    }

    private static byte WriteRemove(BinaryWriter writer, RemoveChange change)
    {
        writer.Write(change.WithDescendants);
        writer.Write(change.Ids.Length);
        WriteArray<long>(writer, change.Ids);
        return Remove;
    }

    private static RemoveChange ReadRemove(BinaryReader reader)
    {
        byte flag = reader.ReadByte();
        if (flag > 1) throw Error("have known flags", $"{flag}");
        return new RemoveChange(ReadArray<long>(reader, reader.ReadInt32()), flag == 1);
    }

    private static byte WriteCorrect(BinaryWriter writer, CorrectChange change)
    {
        writer.Write(change.Id);
        WriteLabels(writer, change.Label);
        return Correct;
    }

    private static byte WriteAdapt(BinaryWriter writer, AdaptChange change)
    {
        writer.Write(change.Features.Length);
        WriteArray<float>(writer, change.Features);
        return Adapt;
    }

    private static void WriteLabels(BinaryWriter writer, ChangeLabels labels)
    {
        writer.Write(labels.Type is { } type ? ValueFormat.CodeOf(type) : NumbersOnly);
        writer.Write(labels.Values.Length);
        foreach (object value in labels.Values) ValueFormat.Write(writer, value);
        WriteArray<int>(writer, labels.Rows);
    }

    private static ChangeLabels ReadLabels(BinaryReader reader, int rowCount)
    {
        byte code = reader.ReadByte();
        PrimitiveDataViewType? type = ValueFormat.TypeOf(code);
        if (type is null && code != NumbersOnly) throw Error("have labels of a known type", $"code {code}");
        int count = reader.ReadInt32();
        if (count < 1 || count > rowCount) throw Error($"have 1 to {rowCount} different labels", $"{count}");
        var values = new List<object>(); // grows with what is read: a false count cannot ask for memory
        while (values.Count < count) values.Add(ValueFormat.Read(reader, type ?? NumberDataViewType.Int32));
        int[] rows = ReadArray<int>(reader, rowCount);
        return Array.TrueForAll(rows, row => (uint)row < (uint)count)
            ? new ChangeLabels(type, [.. values], rows)
            : throw Error("name its own labels", "others");
    }

    private static void WriteArray<T>(BinaryWriter writer, T[]? values)
        where T : unmanaged
        => writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));

    private static T[] ReadArray<T>(BinaryReader reader, int count)
        where T : unmanaged
    {
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        if (count < 1 || count > left / Marshal.SizeOf<T>())
            throw Error($"hold 1 to {left / Marshal.SizeOf<T>()} values", $"{count}");
        T[] values = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static InvalidDataException Error(string constraint, string got)
        => new($"The change must {constraint}. Got {got}.");
}
