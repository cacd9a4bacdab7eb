// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Serialization;

namespace MemoryServe;

/// <summary>How predictions went lately.</summary>
/// <param name="BucketSeconds">Length of a bucket.</param>
/// <param name="Reference">What to compare with; null before the memory was analysed.</param>
/// <param name="Buckets">The minutes in which something was predicted or judged, in their order.</param>
internal sealed record TrendAnswer(
    int BucketSeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] TrendReference? Reference,
    IReadOnlyList<TrendBucket> Buckets);
