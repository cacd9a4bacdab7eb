// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>An estimator that changes nothing and remembers the schema shape it was shown.</summary>
internal sealed class ShapeCapture : IEstimator<ITransformer>
{
    public SchemaShape? Shape { get; private set; }

    public ITransformer Fit(IDataView input)
        => new MLContext().Transforms.CopyColumns("Copy", input.Schema[0].Name).Fit(input);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;
}
