// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>An estimator whose transformer is known before any data is seen.</summary>
public abstract class TrivialEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : class, ITransformer
{
    private protected TrivialEstimator(IHostEnvironment environment, TTransformer transformer)
    {
        Environment = environment;
        Transformer = transformer;
    }

    private protected IHostEnvironment Environment { get; }

    private protected TTransformer Transformer { get; }

    public TTransformer Fit(IDataView input)
    {
        Marked.NotNull(input, nameof(input));
        CheckInput(input.Schema);
        return Transformer;
    }

    public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);

    private protected virtual void CheckInput(DataViewSchema inputSchema) =>
        GetOutputSchema(SchemaShape.Create(inputSchema));
}
