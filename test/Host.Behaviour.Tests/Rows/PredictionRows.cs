// Licensed under the MIT License. See LICENSE in the project root for license information.

// The row classes that the recorded calls name; kept together because each is a few lines of data.
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Rows;

internal sealed class PIn
{
    public float X { get; set; }

    public float Y { get; set; }

    public string L { get; set; }
}

internal sealed class PInNoLabel
{
    public float X { get; set; }

    public float Y { get; set; }
}

internal sealed class PInNoY
{
    public float X { get; set; }

    public string L { get; set; }
}

internal sealed class PInText
{
    public string X { get; set; }

    public float Y { get; set; }

    public string L { get; set; }
}

internal sealed class PInExtra
{
    public float X { get; set; }

    public float Y { get; set; }

    public string L { get; set; }

    public float Extra { get; set; }
}

internal sealed class POut
{
    public string PredictedLabel { get; set; }

    public float[] Score { get; set; }
}

internal sealed class POutBad
{
    public string PredictedLabel { get; set; }

    public float Nope { get; set; } = 7;
}

internal sealed class POutType
{
    public float PredictedLabel { get; set; }
}

internal sealed class POutScore2
{
    [VectorType(2)]
    public float[] Score { get; set; }
}

internal sealed class POutAll
{
    public float X { get; set; }

    public string L { get; set; }

    public uint Label { get; set; }

    [KeyType(3)]
    public uint K;

    public float[] Features { get; set; }
}

internal sealed class VNo2
{
    public float[] W { get; set; }
}

internal sealed class VOutO
{
    public float[] O { get; set; }
}
