// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Rows of about the same confidence.</summary>
/// <param name="Count">Number of rows.</param>
/// <param name="Confidence">Mean of their largest probability; 0 where there is no row.</param>
/// <param name="Accuracy">Share of them that were right; 0 where there is no row.</param>
public readonly record struct CalibrationBin(int Count, double Confidence, double Accuracy);
