// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Reliability;

/// <summary>Numbers of right predictions for several numbers of neighbours.</summary>
internal sealed record GoldenCorrect(int[] Ks, int[] Correct);
