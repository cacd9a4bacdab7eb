// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using NormFunction = Microsoft.ML.Transforms.LpNormNormalizingEstimatorBase.NormFunction;

namespace Microsoft.ML;

/// <summary>Transforms that normalize columns.</summary>
public static class NormalizationCatalog
{
    public static LpNormNormalizingEstimator NormalizeLpNorm(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName = null,
        NormFunction norm = NormFunction.L2,
        bool ensureZeroMean = false) =>
        new(catalog.GetEnvironment(), Pair(outputColumnName, inputColumnName), norm, ensureZeroMean);

    public static NormalizingEstimator NormalizeMeanVariance(
        this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        long maximumExampleCount = 1000000000,
        bool fixZero = true,
        bool useCdf = false)
    {
        NormalizingMethod method =
            useCdf ? NormalizingMethod.CumulativeDistribution : NormalizingMethod.MeanVariance;
        return new NormalizingEstimator(catalog.GetEnvironment(), columns, method, maximumExampleCount, fixZero);
    }

    public static NormalizingEstimator NormalizeMeanVariance(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName = null,
        long maximumExampleCount = 1000000000,
        bool fixZero = true,
        bool useCdf = false) => catalog.NormalizeMeanVariance(
            Pair(outputColumnName, inputColumnName), maximumExampleCount, fixZero, useCdf);

    public static NormalizingEstimator NormalizeMinMax(
        this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        long maximumExampleCount = 1000000000,
        bool fixZero = true) =>
        new(catalog.GetEnvironment(), columns, NormalizingMethod.MinMax, maximumExampleCount, fixZero);

    public static NormalizingEstimator NormalizeMinMax(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName = null,
        long maximumExampleCount = 1000000000,
        bool fixZero = true) =>
        catalog.NormalizeMinMax(Pair(outputColumnName, inputColumnName), maximumExampleCount, fixZero);

    private static InputOutputColumnPair[] Pair(string output, string input) =>
        [new InputOutputColumnPair(output, input)];
}
