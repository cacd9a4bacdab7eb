// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Images as the backbone reads them: planar, of its own size, already normalised.</summary>
/// <param name="channels">Colours c.</param>
/// <param name="height">Rows of pixels h.</param>
/// <param name="width">Pixels of a row w.</param>
internal sealed class PixelInput(int channels, int height, int width) : BackboneInput
{
    public override int RowLength => channels * height * width;

    public override DataViewType ColumnType => new VectorDataViewType(NumberDataViewType.Single, RowLength);

    public override DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = Columns.Features(schema, name);
        int size = ((VectorDataViewType)column.Type).Size;
        return size == RowLength ? column : throw new ArgumentException(
            $"Column '{name}' must hold [{channels}, {height}, {width}] = {RowLength} values an image. Got {size}. "
            + "Resize the images, or say their size in the options.");
    }

    public override void Check(SchemaShape shape, string name) => Columns.CheckFeatures(shape, name);

    public override IRowReader CreateReader(DataViewRow row, DataViewSchema.Column column) =>
        new FeatureReader(row, column);

    public override BackboneBatch ToBatch(ReadOnlySpan<float> rows, int count, Device device) =>
        BackboneBatch.Images(TensorData.From(rows, [count, channels, height, width], device));
}
