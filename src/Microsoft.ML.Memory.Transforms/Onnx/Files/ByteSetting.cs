// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory;

/// <summary>Reads numbers of bytes that an application sets in its data.</summary>
internal static class ByteSetting
{
    /// <summary>Gives a setting.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="usual">What it is where nothing is set.</param>
    /// <param name="most">The most it can be.</param>
    /// <exception cref="InvalidOperationException">The setting is no number of bytes.</exception>
    public static long Read(string name, long usual, long most)
    {
        object? value = AppContext.GetData(name);
        long bytes = value switch
        {
            null => usual,
            long number => number,
            int number => number,
            string text when long.TryParse(
                text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) => number,
            _ => -1,
        };
        return bytes > 0 && bytes <= most ? bytes : throw new InvalidOperationException(
            $"The AppContext data '{name}' must be a number of bytes from 1 to {most}. Got {value}.");
    }
}
