// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>How the server is.</summary>
/// <param name="Status">ready, degraded (an older model serves, since the new file is none) or unavailable.</param>
/// <param name="Version">The model that serves; null where none does.</param>
/// <param name="LastLoadAt">When the model file was last loaded or tried.</param>
/// <param name="Failure">Why that failed; null where it did not.</param>
internal sealed record HealthAnswer(string Status, string? Version, DateTimeOffset? LastLoadAt, string? Failure);
