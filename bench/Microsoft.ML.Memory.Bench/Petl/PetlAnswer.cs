// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>What one process of the bench found.</summary>
/// <param name="KeptBytes">By how much memory grew from before forward to after it.</param>
/// <param name="PeakBytes">By how much it grew at most in a step.</param>
/// <param name="LedgerBytes">What the tape said it kept; 0 without a tape.</param>
/// <param name="StepSeconds">Median time of a step.</param>
/// <param name="ParameterCount">Weights of the backbone.</param>
/// <param name="TrainedCount">Weights that are trained.</param>
internal sealed record PetlAnswer(
    long KeptBytes, long PeakBytes, long LedgerBytes, double StepSeconds, long ParameterCount, long TrainedCount);
