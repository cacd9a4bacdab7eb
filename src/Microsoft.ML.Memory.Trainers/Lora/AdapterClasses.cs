// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>What the head of an adapter tells apart.</summary>
internal static class AdapterClasses
{
    /// <summary>Classes of given names; null where none are given.</summary>
    /// <exception cref="ArgumentException">A name is empty, or given twice.</exception>
    public static ClassTable? Named(IReadOnlyList<string>? classNames)
    {
        if (classNames is null) return null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in classNames)
        {
            if (!string.IsNullOrEmpty(name) && seen.Add(name)) continue;
            string got = string.IsNullOrEmpty(name) ? "an empty one" : $"'{name}' twice";
            throw new ArgumentException($"classNames must be different names. Got {got}.", nameof(classNames));
        }

        return ClassTable.Of(TextDataViewType.Instance, [.. classNames]);
    }

    /// <summary>The classes of an adapter's head, by their numbers where they have no names; null without a head.
    /// </summary>
    /// <exception cref="ArgumentException">There are not as many names as classes.</exception>
    public static ClassTable? Of(LoraAdapter adapter, ClassTable? classNames)
    {
        int? count = (int?)adapter.Head?.Weight.size(0);
        if (classNames is null) return count is { } some ? ClassTable.Numbered(some) : null;
        return classNames.Count == count ? classNames : throw new ArgumentException(
            $"classNames must be as many as the classes of the adapter's head, {count ?? 0}. Got {classNames.Count}.",
            nameof(classNames));
    }
}
