// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;

namespace Compat.Surface.Tests.Printing;

/// <summary>Every public and protected type and member of an assembly, one line each.</summary>
internal static class AssemblySurface
{
    public static string[] Of(string path, IEnumerable<string> references)
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] paths = [.. references, .. Directory.GetFiles(runtime, "*.dll")];
        using var context = new MetadataLoadContext(
            new PathAssemblyResolver(paths.DistinctBy(Path.GetFileName)), typeof(object).Assembly.GetName().Name);
        return [.. context.LoadFromAssemblyPath(path).GetTypes().Where(Access.Shown).SelectMany(Lines)
            .Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Lines(Type type) => MemberLines.Of(type).Prepend(TypeLine.Of(type));
}
