// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

/// <summary>A row with a value of every type that can be stored.</summary>
internal sealed class AnyValues
{
    public static readonly string[] Names =
    [
        "SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Single", "Double", "Text", "Boolean",
        "TimeSpan", "DateTime", "DateTimeOffset",
    ];

    public sbyte SByte { get; set; }

    public byte Byte { get; set; }

    public short Int16 { get; set; }

    public ushort UInt16 { get; set; }

    public int Int32 { get; set; }

    public uint UInt32 { get; set; }

    public long Int64 { get; set; }

    public ulong UInt64 { get; set; }

    public float Single { get; set; }

    public double Double { get; set; }

    public string? Text { get; set; }

    public bool Boolean { get; set; }

    public TimeSpan TimeSpan { get; set; }

    public DateTime DateTime { get; set; }

    public DateTimeOffset DateTimeOffset { get; set; }

    [VectorType(1)]
    public float[] Features { get; set; } = [0];

    /// <summary>Rows at 0, 1, 2, ... with extreme, missing, empty and odd values.</summary>
    public static AnyValues[] Rows =>
    [
        new() { Single = float.NaN, Double = double.NaN, Text = null, Features = [0] },
        new()
        {
            SByte = sbyte.MinValue, Byte = byte.MaxValue, Int16 = short.MinValue, UInt16 = ushort.MaxValue,
            Int32 = int.MinValue, UInt32 = uint.MaxValue, Int64 = long.MinValue, UInt64 = ulong.MaxValue,
            Single = float.NegativeInfinity, Double = double.Epsilon, Text = "", Boolean = true,
            TimeSpan = TimeSpan.MinValue, DateTime = DateTime.MaxValue,
            DateTimeOffset = new DateTimeOffset(2026, 11, 21, 8, 30, 0, TimeSpan.FromHours(-7)), Features = [1],
        },
        new()
        {
            Single = -0f, Double = -0.0, Text = "tab\tline\nnull\0 zażółć 🌍", Features = [2],
            DateTime = new DateTime(2026, 11, 21, 8, 30, 0, DateTimeKind.Utc),
        },
        new() { Text = "cut in two: \ud83c", Int32 = 7, Features = [3] },
        new() { Text = new string('x', 70_000), Features = [4] },
    ];
}
