// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Contracts;

/// <summary>A bank that keeps vectors beside codes, and has had codebooks from its first entry on.</summary>
[TestClass]
public sealed class CodedBankTests : VectorIndexContract
{
    protected override IVectorIndex Create(int dimension, Metric metric) => new Index(dimension, metric);

    private sealed class Index(int dimension, Metric metric) : IVectorIndex
    {
        private volatile MemoryBank _bank = new(dimension, metric);

        public int Dimension => _bank.Dimension;

        public Metric Metric => _bank.Metric;

        public int Count => _bank.Count;

        public void Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
        {
            Check.Length(vectors.Length, (long)ids.Length * Dimension, nameof(vectors), $"[{ids.Length}, {Dimension}]");
            Check.Finite(vectors, Dimension, nameof(vectors));
            _bank.AddRange(vectors, new int[ids.Length], default, ids);
            BankSnapshot memory = _bank.Snapshot();
            if (memory.Quantizer is not null || memory.Count == 0) return;
            _bank = new MemoryBank(BankQuantizer.Attach(memory, new QuantizedSettings { CandidateFactor = 1 }));
        }

        public void Remove(ReadOnlySpan<long> ids) => _bank.Remove(ids);

        public bool Contains(long id) => _bank.Snapshot().TryFind(id, out _);

        public void Search(
            ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options = null)
            => _bank.Snapshot().Search(queries, k, neighbors, options);
    }
}
