// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace MemoryServe;

/// <summary>Writes the text form of metrics that Prometheus reads, version 0.0.4.</summary>
internal static class Exposition
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static void Head(TextWriter text, string name, string help, string type)
        => text.Write($"# HELP {name} {help}\n# TYPE {name} {type}\n");

    /// <summary>Writes a metric that has one value now.</summary>
    public static void Gauge(TextWriter text, string name, string help, double value)
    {
        Head(text, name, help, "gauge");
        text.Write(string.Create(CultureInfo.InvariantCulture, $"{name} {value:R}\n"));
    }

    /// <summary>Gives labels as the exposition has them; nothing where there are none.</summary>
    public static string Labels(IReadOnlyList<string> names, ReadOnlySpan<string> values)
    {
        if (names.Count != values.Length)
            throw new ArgumentException($"values must be {names.Count} labels. Got {values.Length}.", nameof(values));
        if (names.Count == 0) return "";
        var pairs = new string[names.Count];
        for (int index = 0; index < pairs.Length; index++) pairs[index] = $"{names[index]}=\"{Escape(values[index])}\"";
        return $"{{{string.Join(',', pairs)}}}";
    }

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
