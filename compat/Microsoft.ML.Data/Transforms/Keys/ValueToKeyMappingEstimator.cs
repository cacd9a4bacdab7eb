// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Gives each distinct value of a column a key.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly InputOutputColumnPair[] _pairs;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _keyOrdinality;
    private readonly bool _asText;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(
        IHostEnvironment environment,
        InputOutputColumnPair[] pairs,
        int maximumNumberOfKeys,
        KeyOrdinality keyOrdinality,
        bool asText,
        IDataView keyData)
    {
        if (!Enum.IsDefined(keyOrdinality))
            throw Marked.Argument(nameof(keyOrdinality), "keyOrdinality must be ByOccurrence or ByValue");
        if (keyData is not null && keyData.Schema.Count(column => !column.IsHidden) != 1)
            throw Marked.Argument(nameof(keyData), "keyData must have a single column");
        _environment = environment;
        _pairs = InputOutputColumnPair.CheckAll(pairs);
        _maximumNumberOfKeys = maximumNumberOfKeys;
        _keyOrdinality = keyOrdinality;
        _asText = asText;
        _keyData = keyData;
    }

    /// <summary>The order of the keys.</summary>
    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        Marked.NotNull(input, nameof(input));
        if (_maximumNumberOfKeys <= 0)
            throw Marked.Argument("MaxNumTerms", "Must be positive");
        DataViewSchema.Column[] sources = Array.ConvertAll(_pairs, pair => FindSource(input.Schema, pair));
        TermMap[] terms = _keyData is null ? Collect(input, sources) : CollectKeyData(sources);
        return new ValueToKeyMappingTransformer(_environment, _pairs, terms, _asText);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        Shapes.Add(inputSchema, _pairs, MakeShape);

    private static DataViewSchema.Column FindSource(DataViewSchema schema, InputOutputColumnPair pair)
    {
        DataViewSchema.Column source = schema.GetColumnOrNull(pair.InputColumnName)
            ?? throw Marked.MissingColumn(pair.InputColumnName);
        if (PrimitiveTypes.ItemTypeOf(source.Type) is not PrimitiveDataViewType type || !TypeCodec.CanWrite(type))
            throw Marked.Mismatch(source.Name, "text, number, Boolean, key or date", source.Type.ToString());
        return source;
    }

    private SchemaShape.Column MakeShape(SchemaShape inputSchema, InputOutputColumnPair pair)
    {
        SchemaShape.Column source = Shapes.Find(inputSchema, pair.InputColumnName);
        var itemType = source.ItemType as PrimitiveDataViewType;
        if (itemType is null || !TypeCodec.CanWrite(itemType))
            throw Marked.Mismatch(source.Name, "text, number, Boolean, key or date", source.GetTypeString());

        SchemaShape.Column keyValues = Shapes.Make(
            AnnotationKinds.KeyValues,
            SchemaShape.Column.VectorKind.Vector,
            _asText ? TextDataViewType.Instance : itemType,
            source.IsKey && !_asText);
        SchemaShape.Column[] annotations = source.HasSlotNames ? [Shapes.SlotNames, keyValues] : [keyValues];
        return Shapes.Make(pair.OutputColumnName, source.Kind, NumberDataViewType.UInt32, true, annotations);
    }

    private TermMap[] Collect(IDataView data, DataViewSchema.Column[] sources)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(sources);
        TermCollector[] collectors =
            Array.ConvertAll(sources, source => TermCollector.Create(cursor, source, _maximumNumberOfKeys));
        while (cursor.MoveNext())
            Array.ForEach(collectors, collector => collector.Read());
        return Array.ConvertAll(collectors, collector => collector.Finish(_keyOrdinality == KeyOrdinality.ByValue));
    }

    private TermMap[] CollectKeyData(DataViewSchema.Column[] sources)
    {
        DataViewSchema.Column keys = _keyData.Schema.Single(column => !column.IsHidden);
        DataViewType keyType = PrimitiveTypes.ItemTypeOf(keys.Type);
        foreach (DataViewSchema.Column source in sources)
        {
            DataViewType type = PrimitiveTypes.ItemTypeOf(source.Type);
            if (!keyType.Equals(type))
                throw Marked.Operation(
                    $"keyData must be of type '{type}' as column '{source.Name}' is. Got '{keyType}'");
        }

        TermMap terms = Collect(_keyData, [keys])[0];
        return Array.ConvertAll(sources, _ => terms);
    }
}
