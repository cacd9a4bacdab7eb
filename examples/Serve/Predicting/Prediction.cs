// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>What the model says of one row.</summary>
internal sealed record Prediction
{
    /// <summary>Name of the predicted class; null where there is none, as in an empty memory.</summary>
    public string? Label { get; init; }

    /// <summary>Score of each class, in the order of <see cref="Classes"/>.</summary>
    public required IReadOnlyList<float> Scores { get; init; }

    /// <summary>Name of each class.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>How sure an adaptive memory is; null for other models.</summary>
    public double? Confidence { get; init; }

    /// <summary>Whether the row is of no known class; null for models that do not reject.</summary>
    public bool? IsUnknown { get; init; }

    /// <summary>Id under which an adapting memory remembered the row; null where it did not.</summary>
    public long? EntryId { get; init; }

    /// <summary>Gives what an adaptive memory says.</summary>
    public static Prediction Of(AdaptivePrediction prediction, IReadOnlyList<string> classes) => new()
    {
        Label = prediction.Label,
        Scores = prediction.Scores,
        Classes = classes,
        Confidence = prediction.Confidence,
        EntryId = prediction.AddedId,
    };
}
