// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Serialization;

namespace MemoryServe;

/// <summary>Everything that is written or read as JSON but rows, which follow the model's own columns.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(PredictionAnswer))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(ExplanationAnswer))]
[JsonSerializable(typeof(AddedAnswer))]
[JsonSerializable(typeof(RemovedAnswer))]
[JsonSerializable(typeof(FeedbackAnswer))]
[JsonSerializable(typeof(AdaptationState))]
[JsonSerializable(typeof(SnapshotAnswer))]
[JsonSerializable(typeof(ModelAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(FeedbackBody))]
[JsonSerializable(typeof(InspectAnswer))]
[JsonSerializable(typeof(EntryAnswer))]
[JsonSerializable(typeof(EntryBody))]
[JsonSerializable(typeof(EntryChangedAnswer))]
[JsonSerializable(typeof(LabelBody))]
[JsonSerializable(typeof(AnalysisAnswer))]
[JsonSerializable(typeof(TrendAnswer))]
internal sealed partial class ServeJson : JsonSerializerContext;
