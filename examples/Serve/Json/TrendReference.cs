// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>What predictions should be like.</summary>
/// <param name="Confidence">Mean confidence of the memory in its own entries, each predicted without itself.</param>
internal sealed record TrendReference(double Confidence);
