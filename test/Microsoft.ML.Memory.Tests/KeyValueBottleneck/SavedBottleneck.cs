// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Tests.KeyValueBottlenecks;

/// <summary>Saves bottlenecks to bytes and loads them again.</summary>
internal static class SavedBottleneck
{
    public static byte[] Bytes(KeyValueBottleneck model)
    {
        using var stream = new MemoryStream();
        var writer = new SectionWriter(stream);
        KeyValueBottleneckFormat.Write(writer, model);
        writer.End();
        return stream.ToArray();
    }

    public static KeyValueBottleneck Load(byte[] bytes)
    {
        var reader = new SectionReader(new MemoryStream(bytes));
        KeyValueBottleneck model = KeyValueBottleneckFormat.Read(reader);
        reader.EndFile();
        return model;
    }
}
