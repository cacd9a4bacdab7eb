// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>What of an <see cref="OnnxScoringEstimator"/> a model file keeps.</summary>
internal sealed class OnnxModel
{
    private const int Version = 2;
    private const int MaxNames = 10_000;
    private const int MaxDimensions = 64;
    private const int PartBytes = 1 << 20;

    /// <summary>The network, null where it is in a file.</summary>
    public byte[] Bytes { get; init; }

    /// <summary>The file of the network, beside which lies what it refers to; null where there is none.</summary>
    public string File { get; init; }

    /// <summary>Names; none means all.</summary>
    public string[] InputColumns { get; init; }

    /// <summary>Names; none means all.</summary>
    public string[] OutputColumns { get; init; }

    public IDictionary<string, int[]> Shapes { get; init; }

    public int RecursionLimit { get; init; }

    public int? InterOpNumThreads { get; init; }

    public int? IntraOpNumThreads { get; init; }

    public void WriteNetwork(BinaryWriter writer)
    {
        // A file is read again, and must still be there.
        byte[] bytes = Bytes ?? System.IO.File.ReadAllBytes(File);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    public void WriteSettings(BinaryWriter writer)
    {
        writer.Write(Version);
        WriteNames(writer, InputColumns);
        WriteNames(writer, OutputColumns);
        writer.Write(Shapes?.Count ?? -1);
        foreach ((string name, int[] shape) in Shapes ?? new Dictionary<string, int[]>())
        {
            writer.Write(name);
            writer.Write(shape.Length);
            foreach (int size in shape)
                writer.Write(size);
        }
        writer.Write(RecursionLimit);
    }

    public static OnnxModel ReadSettings(BinaryReader reader, byte[] bytes)
    {
        if (reader.ReadInt32() != Version)
            throw new FormatException("The network must have been saved by this version.");
        return new OnnxModel
        {
            Bytes = bytes,
            InputColumns = ReadNames(reader),
            OutputColumns = ReadNames(reader),
            Shapes = ReadShapes(reader),
            RecursionLimit = reader.ReadInt32(),
        };
    }

    // Read in parts, so that a wrong length ends the reading and not the memory.
    public static byte[] ReadNetwork(BinaryReader reader)
    {
        int length = ReadCount(reader, int.MaxValue);
        MemoryStream bytes = new();
        while (bytes.Length < length)
        {
            byte[] part = reader.ReadBytes((int)Math.Min(PartBytes, length - bytes.Length));
            if (part.Length == 0)
                throw new FormatException("The saved network must be whole.");
            bytes.Write(part);
        }
        return bytes.ToArray();
    }

    private static void WriteNames(BinaryWriter writer, string[] names)
    {
        writer.Write(names.Length);
        foreach (string name in names)
            writer.Write(name);
    }

    private static string[] ReadNames(BinaryReader reader) =>
        [.. Enumerable.Range(0, Math.Max(0, ReadCount(reader, MaxNames))).Select(_ => reader.ReadString())];

    private static Dictionary<string, int[]> ReadShapes(BinaryReader reader)
    {
        int count = ReadCount(reader, MaxNames);
        if (count < 0)
            return null;
        Dictionary<string, int[]> shapes = [];
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            int[] shape = new int[Math.Max(0, ReadCount(reader, MaxDimensions))];
            for (int dimension = 0; dimension < shape.Length; dimension++)
                shape[dimension] = reader.ReadInt32();
            shapes[name] = shape;
        }
        return shapes;
    }

    private static int ReadCount(BinaryReader reader, int max)
    {
        int count = reader.ReadInt32();
        return count >= -1 && count <= max
            ? count
            : throw new FormatException($"A count in the saved network must be at most {max}. Got {count}.");
    }
}
