// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace TextIntentsExample;

/// <summary>Something that somebody said, as ML.NET sees it.</summary>
internal sealed class IntentRow
{
    public long Id { get; set; }

    public string Text { get; set; } = "";

    /// <summary>What was meant by it.</summary>
    public string Intent { get; set; } = "";
}
