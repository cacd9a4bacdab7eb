// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How far an evaluation over tasks has come: one accuracy more is known.</summary>
/// <param name="TrainedOn">Name of the task trained on last; null for the untrained model.</param>
/// <param name="TestedOn">Name of the task tested.</param>
/// <param name="Accuracy">Share of its test rows that were right, in [0, 1].</param>
/// <param name="Done">Accuracies known by now.</param>
/// <param name="Total">Accuracies wanted in all.</param>
public readonly record struct ContinualProgress(
    string? TrainedOn, string TestedOn, double Accuracy, int Done, int Total);
