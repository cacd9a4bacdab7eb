// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Storage;

/// <summary>Saves banks to bytes and loads them again.</summary>
internal static class SavedBank
{
    public static byte[] Save(MemoryBank bank)
    {
        using var stream = new MemoryStream();
        bank.Save(stream);
        return stream.ToArray();
    }

    public static MemoryBank Load(byte[] bytes) => MemoryBank.Load(new MemoryStream(bytes));

    /// <summary>A bank with a removed entry, given ids, both origins and several segments.</summary>
    public static MemoryBank Small()
    {
        var bank = new MemoryBank(3, Metric.SquaredEuclidean);
        for (int row = 0; row < 5; row++) bank.Add([row, 0.5f, -row], row % 2, 1 + row, (EntryOrigin)(row % 2));
        bank.AddRange([7, 8, 9, 10, 11, 12], [2, 0], [0, 0.25f], [-3, 40]);
        bank.Remove(2);
        var fork = new MemoryBank(bank.Snapshot());
        fork.Add([1, 1, 1], 3);
        return fork;
    }
}
