// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>
/// How a query turns a dot product into a distance: Offset + term of the code + Factor·scale·product.
/// </summary>
internal unsafe struct QueryHead
{
    public float Offset;
    public float Factor;

    /// <summary>Sum of the query's whole numbers, which pays for codes that are kept 128 too high.</summary>
    public int Sum;

    /// <summary>Makes the head of a query that was itself read from a code.</summary>
    public static QueryHead Of(Metric metric, in CodeHead code) => metric switch
    {
        Metric.Cosine => new QueryHead { Offset = 1, Factor = -code.Scale, Sum = code.Sum },
        Metric.SquaredEuclidean => new QueryHead { Offset = code.Term, Factor = -2 * code.Scale, Sum = code.Sum },
        _ => new QueryHead { Factor = -code.Scale, Sum = code.Sum },
    };

    /// <summary>Gives the distances of four codes, whose products with the query's numbers are known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector128<float> Distances(Vector128<float> products, byte** codes)
    {
        CodeHead* a = (CodeHead*)codes[0], b = (CodeHead*)codes[1], c = (CodeHead*)codes[2], d = (CodeHead*)codes[3];
        var scales = Vector128.Create(a->Scale, b->Scale, c->Scale, d->Scale);
        var terms = Vector128.Create(a->Term, b->Term, c->Term, d->Term);
        return Vector128.Create(Offset) + terms + (Vector128.Create(Factor) * scales * products);
    }
}
