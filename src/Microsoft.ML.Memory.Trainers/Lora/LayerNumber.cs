// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory;

/// <summary>Finds the number of the layer in the dotted name of a module.</summary>
internal static class LayerNumber
{
    /// <summary>Gives the first segment that is a number, after one of the containers if there are any.</summary>
    /// <param name="module">Dotted name, such as <c>encoder.layer.3.output</c>.</param>
    /// <param name="containers">Names after which the number stands; none for anywhere.</param>
    /// <returns>The number; null where the module is in no layer.</returns>
    public static int? Of(string module, IReadOnlyList<string> containers)
    {
        int start = 0;
        while (start <= module.Length)
        {
            int end = module.IndexOf('.', start);
            if (end < 0) end = module.Length;
            ReadOnlySpan<char> segment = module.AsSpan(start, end - start);
            if (int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out int layer)
                && (containers.Count == 0 || containers.Any(container => IsBefore(module, start, container))))
            {
                return layer;
            }

            start = end + 1;
        }

        return null;
    }

    private static bool IsBefore(string module, int start, string container)
        => $".{module.AsSpan(0, start)}".EndsWith($".{container}.", StringComparison.Ordinal);
}
