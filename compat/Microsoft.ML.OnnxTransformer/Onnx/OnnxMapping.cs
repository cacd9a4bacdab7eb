// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.RowMapping;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>A network bound to the columns of a schema.</summary>
internal sealed class OnnxMapping : ColumnMapping
{
    private readonly OnnxNetwork _network;
    private readonly DataViewSchema.Column[] _columns;

    private OnnxMapping(OnnxNetwork network, DataViewSchema schema, DataViewSchema.Column[] columns)
        : base(schema, [.. network.Outputs.Select(output =>
            new DataViewSchema.DetachedColumn(output.Name, output.ColumnType))], columns)
    {
        _network = network;
        _columns = columns;
    }

    public static OnnxMapping Create(OnnxNetwork network, DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new OnnxMapping(network, schema, [.. network.Inputs.Select(input => Find(schema, input))]);
    }

    public override RowComputation Start(DataViewRow input, bool[] isActive) =>
        new OnnxComputation(_network, input, _columns, isActive);

    private static DataViewSchema.Column Find(DataViewSchema schema, TensorColumn input)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(input.Name) ?? throw HostErrors.MissingColumn(input.Name);
        var vector = column.Type as VectorDataViewType;
        // Keys pass as the numbers that they are.
        if ((vector?.ItemType ?? column.Type).RawType != input.ItemType.RawType)
            throw HostErrors.Mismatch(input.Name, input.ItemType.ToString(), column.Type.ToString());
        input.CheckFree();
        if (vector is not { IsKnownSize: false })
            input.CheckSize(vector?.Size ?? 1);
        return column;
    }
}
