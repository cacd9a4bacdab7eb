// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Immutable;
using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public static class PermutationFeatureImportanceExtensions
{
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
        Check(catalog, data, numberOfExamplesToUse);
        return new FeaturePermutation<MulticlassClassificationMetrics, MulticlassClassificationMetricsStatistics>(
            catalog, scores => catalog.Evaluate(scores, labelColumnName), () => new()).Run(predictionTransformer,
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
        => ByName<MulticlassClassificationMetricsStatistics>(
            catalog, model, data, labelColumnName, useFeatureWeightFilter, numberOfExamplesToUse, permutationCount);

    public static ImmutableArray<RegressionMetricsStatistics> PermutationFeatureImportance<TModel>(
        this RegressionCatalog catalog,
        ISingleFeaturePredictionTransformer<TModel> predictionTransformer,
        IDataView data,
        string labelColumnName = "Label",
        bool useFeatureWeightFilter = false,
        int? numberOfExamplesToUse = null,
        int permutationCount = 1)
        where TModel : class
    {
        Check(catalog, data, numberOfExamplesToUse);
        return new FeaturePermutation<RegressionMetrics, RegressionMetricsStatistics>(
            catalog, scores => catalog.Evaluate(scores, labelColumnName), () => new()).Run(predictionTransformer,
            predictionTransformer.FeatureColumnName, data, numberOfExamplesToUse, permutationCount);
    }

    public static ImmutableDictionary<string, RegressionMetricsStatistics> PermutationFeatureImportance(
        this RegressionCatalog catalog,
        ITransformer model,
        IDataView data,
        string labelColumnName = "Label",
        bool useFeatureWeightFilter = false,
        int? numberOfExamplesToUse = null,
        int permutationCount = 1)
        => ByName<RegressionMetricsStatistics>(
            catalog, model, data, labelColumnName, useFeatureWeightFilter, numberOfExamplesToUse, permutationCount);

    // No model here has feature weights, so there is no filter by them that could leave something out.
    private static void Check(TrainCatalogBase catalog, IDataView data, int? numberOfExamplesToUse)
    {
        IHostEnvironment environment = catalog.GetEnvironment();
        environment.CheckValue(data, nameof(data));
        if (numberOfExamplesToUse <= 0)
        {
            throw environment.Except(
                "Provide how many examples to use (positive number) or set to null to use whole dataset.");
        }
    }

    private static ImmutableDictionary<string, TStatistics> ByName<TStatistics>(
        TrainCatalogBase catalog, ITransformer model, IDataView data, params object[] arguments)
    {
        IHostEnvironment environment = catalog.GetEnvironment();
        environment.CheckValue(data, nameof(data));
        environment.CheckValue(model, nameof(model));

        ITransformer last = Predictor(model) ?? throw environment.Mark(new ArgumentNullException(
            "lastTransformer", "The model provided does not have a compatible predictor"));
        Type typed = last.GetType().GetInterfaces().Single(IsTyped);
        // Called as the host does it, so that its exceptions come wrapped.
        var statistics = (ImmutableArray<TStatistics>)BySlot(catalog)
            .MakeGenericMethod(typed.GetGenericArguments())
            .Invoke(null, [catalog, last, data, .. arguments]);
        string features = (string)typed.GetProperty("FeatureColumnName").GetValue(last);
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema[features].GetSlotNames(ref names);
        return names.DenseValues().Zip(statistics).ToImmutableDictionary(p => p.First.ToString(), p => p.Second);
    }

    private static MethodInfo BySlot(TrainCatalogBase catalog) =>
        typeof(PermutationFeatureImportanceExtensions).GetMethods().Single(method =>
            method.IsGenericMethodDefinition && method.GetParameters()[0].ParameterType == catalog.GetType());

    // The last one of the outermost chain: one in a chain inside the chain is not found.
    private static ITransformer Predictor(ITransformer model) => model is IEnumerable<ITransformer> chain
        ? chain.LastOrDefault(t => t is ISingleFeaturePredictionTransformer)
        : model as ISingleFeaturePredictionTransformer as ITransformer;

    private static bool IsTyped(Type type) => type.IsGenericType
        && type.GetGenericTypeDefinition() == typeof(ISingleFeaturePredictionTransformer<>);
}
