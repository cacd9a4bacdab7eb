// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Writes and reads a name that may be absent, as an empty text.</summary>
internal static class OptionalName
{
    public static void Write(BinaryWriter fields, string? name) => fields.Write(name ?? "");

    public static string? Read(BinaryReader fields) => fields.ReadString() is { Length: > 0 } name ? name : null;
}
