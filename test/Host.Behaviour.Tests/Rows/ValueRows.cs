// Licensed under the MIT License. See LICENSE in the project root for license information.

// The row classes that the recorded calls name; kept together because each is a few lines of data.
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Rows;

internal sealed class S1
{
    public string A { get; set; }
}

internal sealed class I1
{
    public int A { get; set; }
}

internal sealed class F1
{
    public float A { get; set; }
}

internal sealed class D1
{
    public double A { get; set; }
}

internal sealed class B1
{
    public bool A { get; set; }
}

internal sealed class U1
{
    public uint A { get; set; }
}

internal sealed class K1
{
    [KeyType(3)]
    public uint A { get; set; }
}

internal sealed class KV
{
    [KeyType(3)]
    [VectorType(2)]
    public uint[] A { get; set; }
}

internal sealed class SV
{
    [VectorType(2)]
    public string[] A { get; set; }
}

internal sealed class SVv
{
    public string[] A { get; set; }
}

internal sealed class Other
{
    public float Z { get; set; }
}

internal sealed class XY
{
    public float X { get; set; }

    public float Y { get; set; }
}

internal sealed class Mix
{
    public float X { get; set; }

    [VectorType(2)]
    public float[] W { get; set; }

    public double D { get; set; }

    public string T { get; set; }
}

internal sealed class VecV
{
    public float[] W { get; set; }
}

internal sealed class V3
{
    [VectorType(3)]
    public float[] W { get; set; }
}

internal sealed class SumOut
{
    public float Sum { get; set; }
}

internal sealed class XOut
{
    public float X { get; set; }
}

internal sealed class XZ
{
    public float Z { get; set; }
}

internal sealed class XYd
{
    public double X { get; set; }
}

internal sealed class VOut
{
    [VectorType(2)]
    public float[] V { get; set; }
}

internal sealed class TOut
{
    public string T { get; set; }
}

internal sealed class Two
{
    public float P { get; set; }

    public float Q { get; set; }
}

internal sealed class N2
{
    [VectorType(2)]
    public float[] W { get; set; }

    public float X { get; set; }
}

internal sealed class R20
{
    public int Id { get; set; }

    public string G { get; set; }

    public float F { get; set; }
}

internal sealed class Pt
{
    public string L { get; set; }

    public float X { get; set; }

    public float Y { get; set; }

    public string G { get; set; }
}
