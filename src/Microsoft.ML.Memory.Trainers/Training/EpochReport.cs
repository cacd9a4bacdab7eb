// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What one pass over the training rows came to.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Loss">Mean cross-entropy of the training rows, as they were trained on.</param>
/// <param name="ValidationLoss">Mean cross-entropy of the rows held out; null where none were.</param>
/// <param name="ValidationAccuracy">Share of the rows held out that are right; null where none were.</param>
/// <param name="Seconds">Time of the pass, without validation.</param>
public sealed record EpochReport(
    int Epoch, double Loss, double? ValidationLoss, double? ValidationAccuracy, double Seconds);
