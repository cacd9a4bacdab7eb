// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>A prediction whose true label may come later.</summary>
/// <param name="Version">The model that predicted.</param>
/// <param name="Row">What it predicted.</param>
/// <param name="Label">The class that it predicted; null where there was none.</param>
/// <param name="EntryId">Id under which an adapting memory remembered the row; null where it did not.</param>
internal sealed record LoggedPrediction(string Version, Row Row, string? Label, long? EntryId);
