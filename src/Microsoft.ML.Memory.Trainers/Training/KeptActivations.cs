// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What one step keeps between forward and backward.</summary>
internal sealed class KeptActivations
{
    private long _before;

    /// <summary>Bytes on the tape; null where autograd keeps what it needs.</summary>
    public long? LedgerBytes { get; private set; }

    /// <summary>Bytes by which the resident memory of the process grew during forward; null before.</summary>
    public long? MeasuredBytes { get; private set; }

    public void BeforeForward() => _before = Environment.WorkingSet;

    /// <param name="tape">The tape that forward ran on; null where autograd alone keeps.</param>
    public void AfterForward(Tape? tape)
    {
        MeasuredBytes = Math.Max(0, Environment.WorkingSet - _before);
        if (tape is not null) LedgerBytes = MemoryLedger.Of(tape).TotalBytes;
    }
}
