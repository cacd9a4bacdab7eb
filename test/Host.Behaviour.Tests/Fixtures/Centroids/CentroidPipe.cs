// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Fixtures.Centroids;

/// <summary>From text labels and two numbers to scores: the recording's Pipe, with a trainer of our own.</summary>
internal sealed class CentroidPipe(MLContext ml, bool withNames = false) : IEstimator<TransformerChain<ITransformer>>
{
    public TransformerChain<ITransformer> Fit(IDataView input)
    {
        ITransformer key = ml.Transforms.Conversion.MapValueToKey("Label", "L").Fit(input);
        IDataView keyed = key.Transform(input);
        ITransformer concat = ml.Transforms.Concatenate("Features", "X", "Y").Fit(keyed);
        IDataView features = concat.Transform(keyed);
        ITransformer scorer = new CentroidTrainer().Fit(features);
        return withNames
            ? new TransformerChain<ITransformer>(key, concat, scorer,
                ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scorer.Transform(features)))
            : new TransformerChain<ITransformer>(key, concat, scorer);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
}
