// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>An entry as it was stored.</summary>
/// <param name="Label">Its class.</param>
/// <param name="Features">Its vector.</param>
/// <param name="Weight">What its votes are multiplied with; null means 1.</param>
internal sealed record EntryBody(string Label, float[] Features, float? Weight = null);
