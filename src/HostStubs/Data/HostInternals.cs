// Licensed under the MIT License. See LICENSE in the project root for license information.

// Signatures of the host's internals that catalogs and feature importance need: the compiler sees these, the runtime
// the host's own.
namespace Microsoft.ML.Data
{
    public interface IInternalCatalog
    {
        Runtime.IHostEnvironment Environment { get; }
    }
}

namespace Microsoft.ML
{
    public interface ISingleFeaturePredictionTransformer : ITransformer
    {
        string FeatureColumnName { get; }
    }
}
