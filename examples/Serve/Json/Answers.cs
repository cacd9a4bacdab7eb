// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Score of one class.</summary>
internal sealed record ClassScore(string Class, float Score);

/// <summary>Answer to one row.</summary>
/// <param name="Id">Names the prediction, for feedback.</param>
/// <param name="Label">The predicted class; null where there is none.</param>
/// <param name="Scores">The best classes, best first.</param>
/// <param name="Confidence">How sure an adaptive memory is.</param>
/// <param name="IsUnknown">Whether the row is of no known class.</param>
/// <param name="EntryId">Id under which an adapting memory remembered the row.</param>
internal sealed record PredictionAnswer(
    string Id, string? Label, IReadOnlyList<ClassScore> Scores, double? Confidence, bool? IsUnknown, long? EntryId);

/// <summary>Answers to many rows, in their order.</summary>
internal sealed record BatchAnswer(IReadOnlyList<PredictionAnswer> Predictions);

/// <summary>An entry that took part in a prediction.</summary>
internal sealed record NeighborAnswer(long Id, string Label, float Distance, double Share);

/// <summary>Why the memory predicts what it does.</summary>
internal sealed record ExplanationAnswer(
    string? Label, IReadOnlyList<ClassScore> Scores, IReadOnlyList<NeighborAnswer> Neighbors);

/// <summary>Ids of entries that were added.</summary>
internal sealed record AddedAnswer(IReadOnlyList<long> Ids, int EntryCount);

/// <summary>Answer to feedback.</summary>
internal sealed record FeedbackAnswer(long EntryId, int EntryCount);

/// <summary>Whether the memory adapts.</summary>
internal sealed record AdaptationState(bool Enabled);

/// <summary>Size of a memory after a snapshot.</summary>
internal sealed record SnapshotAnswer(int EntryCount, long Bytes);

/// <summary>A column of the input.</summary>
/// <param name="Name">Name in a row.</param>
/// <param name="Type">Type in JSON.</param>
/// <param name="Size">Length of an array; 0 where it may be any, null for what is no array.</param>
/// <param name="IsNeeded">Whether a row to predict must have it.</param>
internal sealed record ColumnAnswer(string Name, string Type, int? Size, bool IsNeeded);

/// <summary>What the model is.</summary>
internal sealed record ModelAnswer(
    string Version,
    DateTimeOffset LoadedAt,
    string Kind,
    IReadOnlyList<string> Classes,
    IReadOnlyList<ColumnAnswer> Input,
    int? EntryCount,
    bool IsWritable,
    bool IsAdapting);

/// <summary>How the server is.</summary>
/// <param name="Status">ready, degraded (an older model serves, since the new file is none) or unavailable.</param>
/// <param name="Version">The model that serves; null where none does.</param>
/// <param name="LastLoadAt">When the model file was last loaded or tried.</param>
/// <param name="Failure">Why that failed; null where it did not.</param>
internal sealed record HealthAnswer(string Status, string? Version, DateTimeOffset? LastLoadAt, string? Failure);

/// <summary>The true label of an earlier prediction.</summary>
internal sealed record FeedbackBody(string Id, string Label);
