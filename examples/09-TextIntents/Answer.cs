// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace TextIntentsExample;

/// <summary>What the model makes of something that was said.</summary>
internal sealed class Answer
{
    public string Intent { get; set; } = "";

    public string PredictedIntent { get; set; } = "";

    public float[] Score { get; set; } = [];

    public bool IsUnknown { get; set; }

    public float UnknownScore { get; set; }

    public bool IsRight => !IsUnknown && PredictedIntent == Intent;
}
