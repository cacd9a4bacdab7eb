// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.ML;

public static class ServiceCollectionExtensions
{
    public static PredictionEnginePoolBuilder<TData, TPrediction> AddPredictionEnginePool<TData, TPrediction>(
        this IServiceCollection services)
        where TData : class
        where TPrediction : class, new()
    {
        services.AddLogging();
        services.AddOptions();
        services.TryAddSingleton(provider => new PredictionEnginePool<TData, TPrediction>(provider));
        return new PredictionEnginePoolBuilder<TData, TPrediction>(services);
    }
}
