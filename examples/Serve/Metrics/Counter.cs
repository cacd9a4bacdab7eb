// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using System.Globalization;

namespace MemoryServe;

/// <summary>A number for each set of labels, which only grows.</summary>
/// <param name="name">Name in the exposition.</param>
/// <param name="help">What it counts.</param>
/// <param name="labels">Names of the labels.</param>
internal sealed class Counter(string name, string help, params string[] labels)
{
    private readonly ConcurrentDictionary<string, StrongBox> _counts = new(StringComparer.Ordinal);

    /// <summary>Adds one.</summary>
    /// <param name="values">One for each label, from a small set of them.</param>
    public void Add(params ReadOnlySpan<string> values)
        => Interlocked.Increment(ref _counts.GetOrAdd(Exposition.Labels(labels, values), _ => new StrongBox()).Value);

    public void Write(TextWriter text)
    {
        Exposition.Head(text, name, help, "counter");
        foreach ((string key, StrongBox count) in _counts.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            text.Write(
                string.Create(CultureInfo.InvariantCulture, $"{name}{key} {Interlocked.Read(ref count.Value)}\n"));
        }
    }

    private sealed class StrongBox
    {
        public long Value;
    }
}
