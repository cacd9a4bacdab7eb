// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Banks;

/// <summary>Random edits of a bank, of its forks and of the list that says what must come out.</summary>
internal sealed class BankWalk
{
    private const int LargestK = 8;

    private readonly Random _random;
    private readonly int _dimension;
    private readonly int _forkPercent;
    private readonly BankQuantizer? _quantizer;
    private readonly List<(MemoryBank Bank, ListModel Model)> _banks = [];
    private readonly List<(BankSnapshot Snapshot, ListModel Model, string When)> _held = [];

    /// <param name="seed">All choices follow from it.</param>
    /// <param name="isQuantized">Whether the banks keep codes; keys then are what codes stand for.</param>
    public BankWalk(int seed, bool isQuantized = false)
    {
        _random = new Random(seed);
        Metric metric = (Metric)_random.Next(3);
        _dimension = _random.Next(1, 6);
        _forkPercent = _random.Next(3) == 0 ? 60 : 8;
        var bank = new MemoryBank(_dimension, metric);
        if (isQuantized)
        {
            float[] keys = [.. Enumerable.Range(0, 12).SelectMany(_ => Key())];
            bank.AddRange(keys, new int[12]);
            var settings = new QuantizedSettings
            {
                SubspaceCount = _random.Next(1, _dimension + 1),
                KeepVectors = _random.Next(3) == 0,
                Iterations = 2,
            };
            BankSnapshot coded = BankQuantizer.Attach(bank.Snapshot(), settings);
            bank = new MemoryBank(coded.Emptied());
            _quantizer = coded.Quantizer;
        }

        _banks.Add((bank, new ListModel(metric, _dimension)));
    }

    public void Run(int stepCount)
    {
        for (int step = 0; step < stepCount; step++)
        {
            int at = _random.Next(_banks.Count);
            string what = $"step {step}, bank {at}: {Step(at)}";
            (MemoryBank bank, ListModel model) = _banks[at];
            model.AssertEqual(bank.Snapshot(), Queries(), _random.Next(1, LargestK), what);
            if (_random.Next(4) == 0) _held.Add((bank.Snapshot(), model.Copy(), what));
        }

        foreach ((MemoryBank bank, ListModel model) in _banks)
            model.AssertEqual(bank.Snapshot(), Queries(), 5, "at the end");
        foreach ((BankSnapshot snapshot, ListModel model, string when) in _held)
            model.AssertEqual(snapshot, Queries(), 5, $"snapshot of {when}");
    }

    private string Step(int at)
    {
        int choice = _random.Next(100);
        if (choice < _forkPercent) return Fork(at);
        return (choice % 10) switch
        {
            0 or 1 => AddOne(at),
            2 or 3 => AddMany(at, withIds: false),
            4 or 5 => AddMany(at, withIds: true),
            6 or 7 => RemoveSome(at),
            8 => RemoveWhere(at),
            _ => Compact(at),
        };
    }

    private string Fork(int at)
    {
        (MemoryBank bank, ListModel model) = _banks[at];
        var fork = (new MemoryBank(bank.Snapshot()), model.Copy());
        if (_banks.Count < 6) _banks.Add(fork);
        else _banks[at] = fork;
        return "fork, " + AddOne(_banks.IndexOf(fork));
    }

    private string AddOne(int at)
    {
        (MemoryBank bank, ListModel model) = _banks[at];
        float[] key = Key();
        int label = _random.Next(4);
        Assert.AreEqual(
            model.Add(Kept(key), label, 0.5f, EntryOrigin.Adapted), bank.Add(key, label, 0.5f, EntryOrigin.Adapted));
        return "add";
    }

    private string AddMany(int at, bool withIds)
    {
        (MemoryBank bank, ListModel model) = _banks[at];
        int count = _random.Next(8) == 0 ? 150 : _random.Next(12);
        float[][] keys = [.. Enumerable.Range(0, count).Select(_ => Key())];
        int[] labels = [.. keys.Select(_ => _random.Next(4))];
        float[] weights = [.. keys.Select(_ => _random.NextSingle())];
        HashSet<long> taken = [.. model.Items.Select(item => item.Id)];
        long[] ids = withIds ? [.. FreeIds(taken).Take(count)] : [];
        bank.AddRange(keys.SelectMany(key => key).ToArray(), labels, weights, ids);
        for (int row = 0; row < count; row++)
            model.Add(Kept(keys[row]), labels[row], weights[row], EntryOrigin.Source, withIds ? ids[row] : null);
        return $"add {count}{(withIds ? " with ids" : "")}";
    }

    private IEnumerable<long> FreeIds(HashSet<long> taken)
    {
        while (true)
        {
            long id = _random.Next(-50, 2000);
            if (taken.Add(id)) yield return id;
        }
    }

    private string RemoveSome(int at)
    {
        (MemoryBank bank, ListModel model) = _banks[at];
        int percent = new[] { 1, 5, 30, 100 }[_random.Next(4)];
        HashSet<long> ids = [.. model.Items.Where(_ => _random.Next(100) < percent).Select(item => item.Id)];
        long[] shuffled = [.. ids];
        _random.Shuffle(shuffled);
        bank.Remove(shuffled);
        model.Remove(item => ids.Contains(item.Id));
        return $"remove {ids.Count}";
    }

    private string RemoveWhere(int at)
    {
        (MemoryBank bank, ListModel model) = _banks[at];
        int label = _random.Next(4), rest = _random.Next(5);
        int expected = model.Remove(item => item.Label == label && item.Id % 5 == rest);
        Assert.AreEqual(expected, bank.RemoveWhere(entry => entry.Label == label && entry.Id % 5 == rest));
        return $"remove where {expected}";
    }

    private string Compact(int at)
    {
        _banks[at].Bank.Compact();
        return "compact";
    }

    /// <summary>Gives a key as it comes out of the bank again.</summary>
    private float[] Kept(float[] key)
    {
        if (_quantizer is null || _quantizer.KeepsKeys) return key;
        float[] kept = new float[_dimension];
        _quantizer.Codebooks.Decode(_quantizer.Encode(key), kept);
        return kept;
    }

    private float[] Queries() => [.. Key(), .. Key(), .. Key()];

    /// <summary>Few values, so that many distances are equal.</summary>
    private float[] Key() => [.. Enumerable.Range(0, _dimension).Select(_ => (float)_random.Next(-2, 3))];
}
