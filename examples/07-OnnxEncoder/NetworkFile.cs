// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;

namespace OnnxEncoderExample;

/// <summary>Finds the digits network in the data folder.</summary>
internal static class NetworkFile
{
    /// <summary>Gives the path; null where the network is not on this machine.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(DataFolder.Variable) is { } named) return Existing(named);
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared", "data")) is { } found) return found;
        }

        return null;
    }

    private static string? Existing(string folder)
    {
        string path = Path.Combine(folder, "onnx", "mnist.onnx");
        return File.Exists(path) ? path : null;
    }
}
