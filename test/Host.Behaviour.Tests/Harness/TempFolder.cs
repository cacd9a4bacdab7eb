// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Host.Behaviour.Tests.Harness;

/// <summary>The folder for files that cases write: one per process, removed when the run ends.</summary>
internal static class TempFolder
{
    private static readonly Lazy<string> _path = new(() => Directory.CreateTempSubdirectory("host-cases-").FullName);

    public static string Path => _path.Value;

    /// <summary>Replaces the folder's name, which differs from run to run, as the recording does.</summary>
    public static string Hide(string text) =>
        text == System.IO.Path.GetTempPath() ? "<tmp>" : text.Replace(Path, "<tmp>", StringComparison.Ordinal);

    public static void Delete()
    {
        if (_path.IsValueCreated)
            Directory.Delete(Path, recursive: true);
    }
}
