// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.Memory.Tests.Golden;

/// <summary>Finds the committed reference numbers: they lie in an ancestor of where the build lands.</summary>
internal static class GoldenFiles
{
    private const string Folder = "test/Microsoft.ML.Memory.Tests/Golden";

    public static string PathOf(string name)
    {
        for (DirectoryInfo? root = new(AppContext.BaseDirectory); root is not null; root = root.Parent)
        {
            string path = Path.Combine(root.FullName, Folder, name);
            if (File.Exists(path)) return path;
        }

        throw new FileNotFoundException($"{Folder}/{name} must lie in an ancestor of the test's folder. Got none.");
    }

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();

    public static T Json<T>(string name) =>
        JsonSerializer.Deserialize<T>(Bytes(name), JsonSerializerOptions.Web)
        ?? throw new InvalidDataException($"{name} must hold an object. Got null.");
}
