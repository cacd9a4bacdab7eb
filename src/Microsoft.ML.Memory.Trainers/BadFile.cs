// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>Makes the errors for files that break a rule; what comes from the file is shown short.</summary>
internal static class BadFile
{
    private const int LongestShown = 120;

    public static InvalidDataException Error(string subject, string source, string constraint, string got)
        => new(Message(subject, source, constraint, got));

    public static string Message(string subject, string source, string constraint, string got)
        => $"{subject} of '{source}' must {constraint}. Got {got}.";

    /// <summary>Gives a text of the file between quotes, shortened and without control characters.</summary>
    public static string Quote(string text) => $"'{Shorten(text)}'";

    public static string Shorten(string text)
    {
        var shown = new StringBuilder(Math.Min(text.Length, LongestShown) + 3);
        foreach (char letter in text.AsSpan(0, Math.Min(text.Length, LongestShown)))
        {
            // Half of a pair and characters that move the cursor would spoil a log.
            bool plain = !char.IsControl(letter) && !char.IsSurrogate(letter)
                && char.GetUnicodeCategory(letter) is not UnicodeCategory.Format
                    and not UnicodeCategory.LineSeparator and not UnicodeCategory.ParagraphSeparator;
            shown.Append(plain ? letter : '?');
        }

        return shown.Append(text.Length > LongestShown ? "..." : "").ToString();
    }
}
