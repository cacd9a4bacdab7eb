// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Immutable;
using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public static class PermutationFeatureImportanceExtensions
{
    private static readonly MethodInfo _generic = typeof(PermutationFeatureImportanceExtensions).GetMethods()
        .Single(m => m.Name == nameof(PermutationFeatureImportance) && m.IsGenericMethodDefinition);

    public static ImmutableArray<MulticlassClassificationMetricsStatistics> PermutationFeatureImportance<TModel>(
        this MulticlassClassificationCatalog catalog,
        ISingleFeaturePredictionTransformer<TModel> predictionTransformer,
        IDataView data,
        string labelColumnName = "Label",
        bool useFeatureWeightFilter = false,
        int? numberOfExamplesToUse = null,
        int permutationCount = 1)
        where TModel : class
    {
        IHostEnvironment environment = catalog.GetEnvironment();
        environment.CheckValue(data, nameof(data));
        if (numberOfExamplesToUse <= 0)
        {
            throw environment.Except(
                "Provide how many examples to use (positive number) or set to null to use whole dataset.");
        }

        // No model here has feature weights, so the filter has nothing to leave out.
        return new FeaturePermutation(catalog, labelColumnName).Run(predictionTransformer,
            predictionTransformer.FeatureColumnName, data, numberOfExamplesToUse, permutationCount);
    }

    public static ImmutableDictionary<string, MulticlassClassificationMetricsStatistics> PermutationFeatureImportance(
        this MulticlassClassificationCatalog catalog,
        ITransformer model,
        IDataView data,
        string labelColumnName = "Label",
        bool useFeatureWeightFilter = false,
        int? numberOfExamplesToUse = null,
        int permutationCount = 1)
    {
        IHostEnvironment environment = catalog.GetEnvironment();
        environment.CheckValue(data, nameof(data));
        environment.CheckValue(model, nameof(model));

        ITransformer last = Predictor(model) ?? throw environment.Mark(new ArgumentNullException(
            "lastTransformer", "The model provided does not have a compatible predictor"));
        Type typed = last.GetType().GetInterfaces().Single(IsTyped);
        // Called as the host does it, so that its exceptions come wrapped.
        var statistics = (ImmutableArray<MulticlassClassificationMetricsStatistics>)_generic
            .MakeGenericMethod(typed.GetGenericArguments())
            .Invoke(null,
            [
                catalog, last, data, labelColumnName, useFeatureWeightFilter, numberOfExamplesToUse, permutationCount,
            ]);
        string features = (string)typed.GetProperty("FeatureColumnName").GetValue(last);
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema[features].GetSlotNames(ref names);
        return names.DenseValues().Zip(statistics).ToImmutableDictionary(p => p.First.ToString(), p => p.Second);
    }

    // The last one of the outermost chain: one in a chain inside the chain is not found.
    private static ITransformer Predictor(ITransformer model) => model is IEnumerable<ITransformer> chain
        ? chain.LastOrDefault(t => t is ISingleFeaturePredictionTransformer)
        : model as ISingleFeaturePredictionTransformer as ITransformer;

    private static bool IsTyped(Type type) => type.IsGenericType
        && type.GetGenericTypeDefinition() == typeof(ISingleFeaturePredictionTransformer<>);
}
