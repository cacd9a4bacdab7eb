// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Counts the bytes that a tape keeps, by block and kind.</summary>
/// <remarks>Counts storages, once each: a handle on the graph and the mask of the batch have none of their own.
/// </remarks>
internal sealed class MemoryLedger
{
    private readonly Dictionary<(int Block, SavedKind Kind), long> _bytes = [];

    private MemoryLedger()
    {
    }

    public long TotalBytes => _bytes.Values.Sum();

    public IEnumerable<(int Block, SavedKind Kind, long Bytes)> Entries =>
        _bytes.Select(e => (e.Key.Block, e.Key.Kind, e.Value)).Order();

    /// <summary>Counts what is on a tape between forward and backward.</summary>
    public static MemoryLedger Of(Tape tape)
    {
        var ledger = new MemoryLedger();
        foreach (TapeRecord record in tape.Records)
        {
            foreach ((SavedKind kind, Tensor tensor) in record.Operator.Kept.Where(k => k.Kind != SavedKind.Mask))
            {
                (int, SavedKind) key = (record.Block, kind);
                long bytes = tensor.numel() * tensor.element_size();
                ledger._bytes[key] = ledger._bytes.GetValueOrDefault(key) + bytes;
            }
        }

        return ledger;
    }

    /// <summary>Bytes of a kind in a block; 0 where there are none.</summary>
    public long Bytes(int block, SavedKind kind) => _bytes.GetValueOrDefault((block, kind));
}
