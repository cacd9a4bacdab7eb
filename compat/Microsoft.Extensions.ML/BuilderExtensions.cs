// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.ML;

public static class BuilderExtensions
{
    public static PredictionEnginePoolBuilder<TData, TPrediction> FromFile<TData, TPrediction>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string filePath)
        where TData : class
        where TPrediction : class, new()
    {
        builder.Services.AddSingleton(new ModelSource<TData, TPrediction>(filePath));
        return builder;
    }
}
