// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a file of a visual memory holds; it has no trust where the options ask for none.</summary>
internal sealed record SavedMemory(
    VisualMemoryOptions Options, ClassLevels Levels, BankSnapshot Memory, HeldOutFit HeldOut, MemoryTrust? Trust);
