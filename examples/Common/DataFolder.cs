// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace ExampleData;

/// <summary>Finds the folder with the four files of a set of images on this machine.</summary>
internal static class DataFolder
{
    public const string Variable = "MEMORY_ML_DATA";

    /// <summary>Where downloads are kept.</summary>
    public static string Cache { get; } = Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "Memory.ML",
        "data");

    /// <summary>Looks in the folder given; else in the variable's, shared/data of an ancestor, and the cache.</summary>
    /// <returns>The folder; null where no place has all four files.</returns>
    /// <exception cref="ArgumentException">A folder was given and does not have them.</exception>
    public static string? Find(ImageCatalog catalog, string? given)
    {
        if (given is not null)
        {
            return Within(given, catalog) ?? (HasAll(given) ? given : null) ?? throw new ArgumentException(
                $"--data must be a folder that holds {catalog.Folder}/{ImageCatalog.FileNames[0]}.gz "
                + $"and its three companions. Got '{given}'.");
        }

        string?[] roots = [Environment.GetEnvironmentVariable(Variable), .. Shared(), Cache];
        return roots
            .Select(root => string.IsNullOrEmpty(root) ? null : Within(root, catalog))
            .FirstOrDefault(folder => folder is not null);
    }

    /// <summary>Gives the path of a file in a folder, compressed or not; null where it is not there.</summary>
    public static string? FileIn(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path + ".gz") ? path + ".gz" : File.Exists(path) ? path : null;
    }

    private static string? Within(string root, ImageCatalog catalog)
    {
        string folder = Path.Combine(root, catalog.Folder);
        return HasAll(folder) ? folder : null;
    }

    private static bool HasAll(string folder) => ImageCatalog.FileNames.All(name => FileIn(folder, name) is not null);

    private static IEnumerable<string> Shared()
    {
        foreach (string start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
                yield return Path.Combine(folder.FullName, "shared", "data");
        }
    }
}
