// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Rejection;

/// <summary>Reference figures of one score.</summary>
internal sealed record GoldenScore(double Auroc, double Threshold95, double UnknownAccepted, double[] First10);
