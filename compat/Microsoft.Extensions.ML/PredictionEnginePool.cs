// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;

namespace Microsoft.Extensions.ML;

public class PredictionEnginePool<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    private readonly ConcurrentBag<PredictionEngine<TData, TPrediction>> _idle = [];
    private readonly MLContext _mlContext = new();
    private readonly Lazy<ITransformer> _model;

    internal PredictionEnginePool(IServiceProvider serviceProvider)
    {
        ModelSource<TData, TPrediction> source =
            serviceProvider.GetRequiredService<ModelSource<TData, TPrediction>>();
        _model = new Lazy<ITransformer>(() => _mlContext.Model.Load(source.FilePath, out _));
    }

    public PredictionEngine<TData, TPrediction> GetPredictionEngine() =>
        _idle.TryTake(out PredictionEngine<TData, TPrediction> engine)
            ? engine
            : _mlContext.Model.CreatePredictionEngine<TData, TPrediction>(_model.Value);

    public void ReturnPredictionEngine(PredictionEngine<TData, TPrediction> engine) => _idle.Add(engine);
}
