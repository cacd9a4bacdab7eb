// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

/// <summary>Something that a shop offers, whose number alone is known: from 0 on, missing where it is beyond.</summary>
internal sealed class NumberedOffer
{
    [KeyType(3)]
    public uint Shop { get; set; }

    [KeyType(4)]
    public uint OtherShop { get; set; }

    [VectorType(2)]
    public float[] Features { get; set; } = [1, 1];

    public static IDataView View(MLContext mlContext, params uint[] shops)
        => mlContext.Data.LoadFromEnumerable(
            shops.Select(shop => new NumberedOffer { Shop = shop, OtherShop = shop }).ToArray());
}
