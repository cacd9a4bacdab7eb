// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;

namespace Microsoft.Extensions.ML;

public static class PredictionEnginePoolExtensions
{
    public static TPrediction Predict<TData, TPrediction>(
        this PredictionEnginePool<TData, TPrediction> predictionEnginePool, TData example)
        where TData : class
        where TPrediction : class, new()
    {
        PredictionEngine<TData, TPrediction> engine = predictionEnginePool.GetPredictionEngine();
        try
        {
            return engine.Predict(example);
        }
        finally
        {
            predictionEnginePool.ReturnPredictionEngine(engine);
        }
    }
}
