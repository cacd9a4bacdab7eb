// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Writes and reads a class table: a type code, the number of classes, then one value a class.</summary>
internal static class ClassTableFormat
{
    private const byte NoValues = 0;

    public static void Write(BinaryWriter writer, ClassTable classes)
    {
        writer.Write(classes.ValueType is { } type ? ValueFormat.CodeOf(type) : NoValues);
        writer.Write(classes.Count);
        foreach (object value in classes.Values ?? []) ValueFormat.Write(writer, value);
    }

    /// <summary>Reads a class table whose bytes have passed their checksum.</summary>
    /// <exception cref="InvalidDataException">The type is unknown or the number of classes is impossible.</exception>
    public static ClassTable Read(BinaryReader reader)
    {
        byte code = reader.ReadByte();
        int count = reader.ReadInt32();
        if (count < 1) throw new InvalidDataException($"The number of classes must be at least 1. Got {count}.");
        if (code == NoValues) return ClassTable.Numbered(count);

        PrimitiveDataViewType type = ValueFormat.TypeOf(code)
            ?? throw new InvalidDataException($"The type of the label values must be a known one. Got code {code}.");

        // Grows with what is read, so that a false count cannot ask for memory that the file does not back.
        var values = new List<object>();
        while (values.Count < count) values.Add(ValueFormat.Read(reader, type));
        return ClassTable.Of(type, [.. values]);
    }
}
