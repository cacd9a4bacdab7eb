// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Feature tokens: rows [N, D] that enter the first block as they are.</summary>
/// <param name="tokenCount">Number N of tokens.</param>
/// <param name="width">Width D of the backbone.</param>
internal sealed class TokenInput(int tokenCount, int width) : BackboneInput
{
    public override int RowLength => checked(tokenCount * width);

    public override int TokenCount => tokenCount;

    public override DataViewType ColumnType => new VectorDataViewType(NumberDataViewType.Single, RowLength);

    public override DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = Columns.Features(schema, name);
        int size = ((VectorDataViewType)column.Type).Size;
        return size == RowLength ? column : throw new ArgumentException(
            $"Column '{name}' must hold [{tokenCount}, {width}] = {RowLength} values, the feature tokens of a row. "
            + $"Got {size}. Say their number in FineTuneOptions.FeatureTokenCount.");
    }

    public override void Check(SchemaShape shape, string name) => Columns.CheckFeatures(shape, name);

    public override IRowReader CreateReader(DataViewRow row, DataViewSchema.Column column) =>
        new FeatureReader(row, column);

    public override BackboneBatch ToBatch(ReadOnlySpan<float> rows, int count, Device device) =>
        BackboneBatch.Embedded(TensorData.From(rows, [count, tokenCount, width], device));
}
