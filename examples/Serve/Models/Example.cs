// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>A labelled row to remember.</summary>
/// <param name="Row">What a prediction needs.</param>
/// <param name="Tag">Its label, which is there, and what else it says.</param>
internal sealed record Example(Row Row, ExampleTag Tag);
