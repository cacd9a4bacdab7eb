// Licensed under the MIT License. See LICENSE in the project root for license information.

// The row classes that the recorded calls name; kept together because each is a few lines of data.
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Rows;

internal sealed class Ev
{
    [KeyType(3)]
    public uint Label { get; set; }

    [VectorType(3)]
    public float[] Score { get; set; }

    [KeyType(3)]
    public uint PredictedLabel { get; set; }
}

internal sealed class Ev4
{
    [KeyType(4)]
    public uint Label { get; set; }

    [VectorType(3)]
    public float[] Score { get; set; }

    [KeyType(3)]
    public uint PredictedLabel { get; set; }
}

internal sealed class Ev2
{
    [KeyType(2)]
    public uint Label { get; set; }

    [VectorType(3)]
    public float[] Score { get; set; }

    [KeyType(3)]
    public uint PredictedLabel { get; set; }
}

internal sealed class EvF
{
    public float Label { get; set; }

    [VectorType(3)]
    public float[] Score { get; set; }

    [KeyType(3)]
    public uint PredictedLabel { get; set; }
}

internal sealed class EvS
{
    public string Label { get; set; }

    [VectorType(3)]
    public float[] Score { get; set; }

    [KeyType(3)]
    public uint PredictedLabel { get; set; }
}

internal sealed class EvVar
{
    [KeyType(3)]
    public uint Label { get; set; }

    public float[] Score { get; set; }

    [KeyType(3)]
    public uint PredictedLabel { get; set; }
}

internal sealed class EvSc
{
    [KeyType(3)]
    public uint Label { get; set; }

    public float Score { get; set; }

    [KeyType(3)]
    public uint PredictedLabel { get; set; }
}

internal sealed class EvD
{
    [KeyType(3)]
    public uint Label { get; set; }

    [VectorType(3)]
    public double[] Score { get; set; }

    [KeyType(3)]
    public uint PredictedLabel { get; set; }
}

internal sealed class EvP
{
    [KeyType(3)]
    public uint Label { get; set; }

    [VectorType(3)]
    public float[] Score { get; set; }

    public float PredictedLabel { get; set; }
}

internal sealed class EvNoP
{
    [KeyType(3)]
    public uint Label { get; set; }

    [VectorType(3)]
    public float[] Score { get; set; }
}

internal sealed class EvBig
{
    [KeyType(12)]
    public uint Label { get; set; }

    [VectorType(12)]
    public float[] Score { get; set; }

    [KeyType(12)]
    public uint PredictedLabel { get; set; }
}

internal sealed class Ev1
{
    [KeyType(1)]
    public uint Label { get; set; }

    [VectorType(1)]
    public float[] Score { get; set; }

    [KeyType(1)]
    public uint PredictedLabel { get; set; }
}

internal sealed class PfiN
{
    [KeyType(3)]
    public uint Label { get; set; }

    [VectorType(2)]
    public float[] Features { get; set; }
}

internal sealed class REv
{
    public float Label { get; set; }

    public float Score { get; set; }
}

internal sealed class REvD
{
    public double Label { get; set; }

    public float Score { get; set; }
}
