// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Transforms that join, copy and choose columns.</summary>
public static class TransformExtensionsCatalog
{
    public static ColumnConcatenatingEstimator Concatenate(
        this TransformsCatalog catalog, string outputColumnName, params string[] inputColumnNames) =>
        new(EnvironmentOf(catalog), outputColumnName, inputColumnNames);

    public static ColumnCopyingEstimator CopyColumns(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName) =>
        new(EnvironmentOf(catalog), new InputOutputColumnPair(outputColumnName, inputColumnName));

    public static ColumnSelectingEstimator DropColumns(this TransformsCatalog catalog, params string[] columnNames) =>
        new(EnvironmentOf(catalog), columnNames, keeps: false, keepHidden: false);

    public static ColumnSelectingEstimator SelectColumns(
        this TransformsCatalog catalog, string[] columnNames, bool keepHidden) =>
        new(EnvironmentOf(catalog), columnNames, keeps: true, keepHidden);

    public static ColumnSelectingEstimator SelectColumns(this TransformsCatalog catalog, params string[] columnNames) =>
        new(EnvironmentOf(catalog), columnNames, keeps: true, keepHidden: false);

    private static IHostEnvironment EnvironmentOf(TransformsCatalog catalog) =>
        ((IInternalCatalog)Marked.NotNull(catalog, nameof(catalog))).Environment;
}
