// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Checks, before anything is computed, where training is to leave files.</summary>
/// <remarks>What only shows when a file is written, such as a full disk, is told then.</remarks>
internal static class TrainingPaths
{
    /// <exception cref="IOException">A path is that of a folder, or in none; the message names the option.</exception>
    public static void Require(FineTuneOptions options)
    {
        Require(options.CachePath, nameof(options.CachePath));
        Require(options.CheckpointPath, nameof(options.CheckpointPath));
    }

    private static void Require(string? path, string option)
    {
        if (path is null) return;
        string rule = $"FineTuneOptions.{option} must be a file in a folder that exists. Got '{path}', ";
        if (Directory.Exists(path)) throw new IOException(rule + "which is a folder. Choose another path.");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException(rule + $"but no folder '{folder}'. Make it, or choose another path.");
    }
}
