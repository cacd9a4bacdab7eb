// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers;
using System.Text;

namespace Microsoft.ML.Memory.Storage;

/// <summary>Tells texts that UTF-8 keeps from those that were cut through a surrogate pair.</summary>
internal static class WholeText
{
    /// <summary>What is asked of a text.</summary>
    public const string Constraint = "whole characters";

    /// <summary>What a text is that is not whole; it cannot be shown.</summary>
    public const string Got = "one with half of a surrogate pair, which no file keeps";

    /// <summary>Says whether a text is the same after it was written as UTF-8 and read.</summary>
    public static bool Is(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and int first)
        {
            text = text[first..];
            if (Rune.DecodeFromUtf16(text, out _, out int length) != OperationStatus.Done) return false;
            text = text[length..];
        }

        return true;
    }
}
