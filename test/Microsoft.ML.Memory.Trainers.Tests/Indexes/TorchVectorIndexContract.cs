// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Contracts;

namespace Microsoft.ML.Memory.Trainers.Tests.Indexes;

/// <summary>What every index promises, for one on a torch device.</summary>
public abstract class TorchVectorIndexContract(VectorEncoding encoding) : VectorIndexContract
{
    private readonly List<IDisposable> _made = [];

    [TestInitialize]
    public void Initialize() => TorchTests.Require();

    [TestCleanup]
    public void Cleanup() => _made.ForEach(index => index.Dispose());

    protected override IVectorIndex Create(int dimension, Metric metric)
    {
        var index = new TorchVectorIndex(dimension, metric, new TorchVectorIndexOptions { Encoding = encoding });
        _made.Add(index);
        return index;
    }
}
