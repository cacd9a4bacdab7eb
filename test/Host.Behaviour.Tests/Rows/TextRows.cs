// Licensed under the MIT License. See LICENSE in the project root for license information.

// The row classes that the recorded calls name; kept together because each is a few lines of data.
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Rows;

internal sealed class T4
{
    [LoadColumn(0)]
    public string A { get; set; }

    [LoadColumn(1)]
    public float B { get; set; }

    [LoadColumn(2, 4)]
    [VectorType(3)]
    public float[] C { get; set; }
}

internal sealed class TNoLoad
{
    [LoadColumn(0)]
    public string A { get; set; }

    public float B { get; set; }
}

internal sealed class TName
{
    [LoadColumnName("beta")]
    public float B { get; set; }

    [LoadColumnName("alpha")]
    public string A { get; set; }
}

internal sealed class TKey
{
    [LoadColumn(0)]
    [KeyType(3)]
    public uint A { get; set; }
}

internal sealed class TBool
{
    [LoadColumn(0)]
    public bool A { get; set; }

    [LoadColumn(1)]
    public int I { get; set; }

    [LoadColumn(2)]
    public DateTime D { get; set; }
}

internal sealed class TIdx
{
    [LoadColumn(new[]
    { 0, 2 })]
    [VectorType(2)] public float[] A { get; set; }

    [LoadColumn(1)]
    public string B { get; set; }
}
