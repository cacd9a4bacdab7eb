// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;

namespace Microsoft.ML.Memory.Repository;

/// <summary>How this test project, and with it the libraries, was built: what its project file says.</summary>
internal static class BuildSettings
{
    /// <summary>Debug or Release.</summary>
    public static string Configuration { get; } = Value("Configuration");

    /// <summary>Where the packages of this machine lie.</summary>
    public static string PackageFolder { get; } = Value("PackageFolder");

    /// <summary>Whether a family of packages was restored, rather than replaced by what stands in for it.</summary>
    public static bool IsReal(string flavour) => Value(flavour) == "packages";

    private static string Value(string key)
        => typeof(BuildSettings).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(each => each.Key == key).Value!;
}
