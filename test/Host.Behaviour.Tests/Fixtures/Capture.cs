// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;

namespace Host.Behaviour.Tests.Fixtures;

/// <summary>An estimator that hands the schema shape it is asked about to its owner.</summary>
internal sealed class Capture(Action<SchemaShape> seen) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input) => new NotMapper();

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        seen(inputSchema);
        return inputSchema;
    }
}
