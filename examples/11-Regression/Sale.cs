// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace RegressionExample;

/// <summary>A home that was sold.</summary>
internal sealed class Sale
{
    public long Id { get; set; }

    /// <summary>Kilometres from the south-west corner of the town.</summary>
    public float East { get; set; }

    public float North { get; set; }

    /// <summary>Square metres.</summary>
    public float Size { get; set; }

    /// <summary>Thousands.</summary>
    public float Price { get; set; }
}
