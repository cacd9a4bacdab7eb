// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Tests.AdaNpc;

/// <summary>Saves adaptive states to bytes and loads them again.</summary>
internal static class SavedState
{
    public static byte[] Bytes(AdaptiveState state)
    {
        using var stream = new MemoryStream();
        var writer = new SectionWriter(stream);
        AdaptiveStateFormat.Write(writer, state);
        writer.End();
        return stream.ToArray();
    }

    public static AdaptiveState Load(byte[] bytes)
    {
        var reader = new SectionReader(new MemoryStream(bytes));
        AdaptiveState state = AdaptiveStateFormat.Read(reader);
        reader.EndFile();
        return state;
    }

    public static AdaptiveState Again(AdaptiveState state) => Load(Bytes(state));
}
