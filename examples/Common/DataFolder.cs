// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace ExampleData;

/// <summary>Finds data on this machine, such as the folder with the four files of a set of images.</summary>
internal static class DataFolder
{
    public const string Variable = "MEMORY_ML_DATA";

    /// <summary>Where downloads are kept.</summary>
    public static string Cache { get; } = Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "Memory.ML",
        "data");

    private static IEnumerable<string> Roots
        => ((string?[])[Environment.GetEnvironmentVariable(Variable), .. Shared(), Cache])
            .OfType<string>().Where(root => root != "");

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

        return Roots.Select(root => Within(root, catalog)).FirstOrDefault(folder => folder is not null);
    }

    /// <summary>Looks for one file in the same places.</summary>
    /// <param name="name">Its path in the folder, with forward slashes.</param>
    /// <param name="given">A folder that must have it; null looks everywhere.</param>
    /// <returns>Its path; null where no place has it.</returns>
    /// <exception cref="ArgumentException">A folder was given and does not have it.</exception>
    public static string? FindFile(string name, string? given)
    {
        IEnumerable<string> roots = given is null ? Roots : [given];
        string? path = roots.Select(root => Path.Combine(root, name)).FirstOrDefault(File.Exists);
        return path ?? (given is null
            ? null
            : throw new ArgumentException($"--data must be a folder that holds {name}. Got '{given}'."));
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
