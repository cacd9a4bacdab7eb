// Licensed under the MIT License. See LICENSE in the project root for license information.

// The row classes that the recorded calls name; kept together because each is a few lines of data.
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Rows;

internal sealed class PF
{
    public float Prop { get; set; }

    public float Field;

    private readonly float _priv;

    internal float Int { get; set; }

    public float GetOnly { get; }

    public static float Stat;

    public const float K = 3;

    public float PrivSet { get; private set; }
}

internal sealed class Names
{
    [ColumnName("Renamed")]
    public float A { get; set; }

    [NoColumn]
    public float B { get; set; }

    [LoadColumn(3)]
    public float C { get; set; }

    public string D;

    public float Pub { get; set; } = 1;
}

internal sealed class AllTypes
{
    public bool Bo { get; set; } = true;

    public byte By { get; set; } = 1;

    public sbyte Sb { get; set; } = -1;

    public short Sh { get; set; } = -2;

    public ushort Us { get; set; } = 2;

    public int In { get; set; } = -3;

    public uint Ui { get; set; } = 3;

    public long Lo { get; set; } = -4;

    public ulong Ul { get; set; } = 4;

    public float Fl { get; set; } = .5f;

    public double Do { get; set; } = .25;

    public string St { get; set; } = "s";

    public ReadOnlyMemory<char> Ro { get; set; } = "m".AsMemory();

    public DateTime Dt { get; set; } = new(2020, 1, 2);

    public DateTimeOffset Dto { get; set; } = new(2020, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public TimeSpan Ts { get; set; } = TimeSpan.FromMinutes(1);

    public DataViewRowId Id { get; set; } = new(5, 6);

    public VBuffer<float> Vb { get; set; } = new(2, new[] { 1f, 2f });
}

internal sealed class Nul
{
    public float? A { get; set; }
}

internal sealed class NulB
{
    public bool? A { get; set; }
}

internal sealed class Dec
{
    public decimal A { get; set; }
}

internal sealed class Ch
{
    public char A { get; set; }
}

internal sealed class Ob
{
    public object A { get; set; }
}

internal sealed class Li
{
    public List<float> A { get; set; }
}

internal sealed class Arr2
{
    public float[,] A { get; set; }
}

internal sealed class En
{
    public DayOfWeek A { get; set; }
}

internal sealed class Empty
{
}

internal sealed class VT3
{
    [VectorType(3)]
    public float[] A { get; set; }
}

internal sealed class VTmd
{
    [VectorType(2, 3)]
    public float[] A { get; set; }
}

internal sealed class VT0
{
    [VectorType]
    public float[] A { get; set; }
}

internal sealed class VTz
{
    [VectorType(0)]
    public float[] A { get; set; }
}

internal sealed class VNo
{
    public float[] A { get; set; }
}

internal sealed class VOnScalar
{
    [VectorType(3)]
    public float A { get; set; }
}

internal sealed class KeyOk
{
    [KeyType(4)]
    public uint A { get; set; }
}

internal sealed class KeyNoCount
{
    [KeyType]
    public uint A { get; set; }
}

internal sealed class KeyUl
{
    [KeyType(4)]
    public ulong A { get; set; }
}

internal sealed class KeyBy
{
    [KeyType(4)]
    public byte A { get; set; }
}

internal sealed class KeyByTooBig
{
    [KeyType(300)]
    public byte A { get; set; }
}

internal sealed class KeyInt
{
    [KeyType(4)]
    public int A { get; set; }
}

internal sealed class KeyStr
{
    [KeyType(4)]
    public string A { get; set; }
}

internal sealed class Dup
{
    [ColumnName("Z")]
    public float A { get; set; }

    [ColumnName("Z")]
    public float B { get; set; }
}

internal class Base0
{
    public float A { get; set; }
}

internal sealed class Derived : Base0
{
    public float B { get; set; }
}

internal sealed record Rec(float A, string B)
{
    public Rec() : this(0, null) { }
}

internal sealed class VbVec
{
    [VectorType(3)]
    public VBuffer<float> A { get; set; }
}

internal sealed class InitOnly
{
    public float A { get; init; }
}

internal sealed class XYZ
{
    public float X { get; set; }

    public float Y { get; set; }

    public float Zed { get; set; } = 42;
}
