// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Brings the values of columns to a common range.</summary>
public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly InputOutputColumnPair[] _pairs;
    private readonly NormalizingMethod _method;
    private readonly long _maximumExampleCount;
    private readonly bool _fixZero;

    internal NormalizingEstimator(
        IHostEnvironment environment,
        InputOutputColumnPair[] pairs,
        NormalizingMethod method,
        long maximumExampleCount,
        bool fixZero)
    {
        if (maximumExampleCount <= 1)
            throw Marked.Argument(nameof(maximumExampleCount), "maximumExampleCount must be greater than 1");
        _environment = environment;
        _pairs = InputOutputColumnPair.CheckAll(pairs);
        _method = method;
        _maximumExampleCount = maximumExampleCount;
        _fixZero = fixZero;
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        Marked.NotNull(input, nameof(input));
        DataViewSchema.Column[] sources = Array.ConvertAll(_pairs, pair => FindSource(input.Schema, pair));
        using DataViewRowCursor cursor = input.GetRowCursor(sources);
        ColumnStatistics[] statistics = Array.ConvertAll(sources, source => ColumnStatistics.Create(cursor, source));
        for (long count = 0; count < _maximumExampleCount && cursor.MoveNext(); count++)
            Array.ForEach(statistics, column => column.Read());

        ColumnNormalizer[] normalizers = Array.ConvertAll(statistics, column => column.Finish(_method, _fixZero));
        return new NormalizingTransformer(_environment, _pairs, normalizers);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shapes.Add(inputSchema, _pairs, MakeShape);

    private static DataViewSchema.Column FindSource(DataViewSchema schema, InputOutputColumnPair pair)
    {
        DataViewSchema.Column source = schema.GetColumnOrNull(pair.InputColumnName)
            ?? throw Marked.MissingColumn(pair.InputColumnName);
        bool hasSize = source.Type is not VectorDataViewType vector || vector.IsKnownSize;
        if (!hasSize || !IsReal(PrimitiveTypes.ItemTypeOf(source.Type)))
            throw Marked.Argument(
                "srcType",
                "Wrong column type for input column. Expected: Single, Double, Vector of Single or Vector of Double. " +
                $"Got: {source.Type}.");
        return source;
    }

    private static SchemaShape.Column MakeShape(SchemaShape inputSchema, InputOutputColumnPair pair)
    {
        SchemaShape.Column source = Shapes.Find(inputSchema, pair.InputColumnName);
        if (source.Kind == SchemaShape.Column.VectorKind.VariableVector || source.IsKey || !IsReal(source.ItemType))
            throw Marked.Mismatch(
                source.Name, "scalar or known-size vector of Single or Double", source.GetTypeString());
        SchemaShape.Column[] annotations =
            source.HasSlotNames ? [Shapes.IsNormalized, Shapes.SlotNames] : [Shapes.IsNormalized];
        return Shapes.Make(pair.OutputColumnName, source.Kind, source.ItemType, false, annotations);
    }

    private static bool IsReal(DataViewType type) =>
        type == NumberDataViewType.Single || type == NumberDataViewType.Double;
}
