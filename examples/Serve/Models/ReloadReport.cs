// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>How the last load of a model file went.</summary>
/// <param name="At">When; null before the first.</param>
/// <param name="Failure">Why it failed, without details of the server; null where it did not.</param>
internal sealed record ReloadReport(DateTimeOffset? At, string? Failure)
{
    public static ReloadReport None { get; } = new(null, null);
}
