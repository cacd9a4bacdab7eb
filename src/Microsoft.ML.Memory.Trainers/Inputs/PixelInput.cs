// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Images: rows are planar, of the size that the backbone reads, and normalised.</summary>
internal sealed class PixelInput(BackboneConfig config, ImagePlan plan) : BackboneInput
{
    public override int RowLength => plan.ChannelCount * plan.Height * plan.Width;

    public override int TokenCount =>
        (plan.Height / config.PatchSize * (plan.Width / config.PatchSize)) + 1 + config.RegisterCount;

    public override DataViewType ColumnType => new VectorDataViewType(NumberDataViewType.Single, plan.SourceLength);

    public override DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = Columns.Features(schema, name);
        int size = ((VectorDataViewType)column.Type).Size;
        if (size == plan.SourceLength) return column;
        int c = plan.SourceChannels, h = plan.SourceHeight, w = plan.SourceWidth;
        string shape = plan.Options.Layout == ImageLayout.Planar ? $"[{c}, {h}, {w}]" : $"[{h}, {w}, {c}]";
        throw new ArgumentException($"Column '{name}' must hold {shape} = {plan.SourceLength} values an image. "
            + $"Got {size}. Resize the images, or say their size in FineTuneOptions.Image.");
    }

    public override void Check(SchemaShape shape, string name) => Columns.CheckFeatures(shape, name);

    public override IRowReader CreateReader(DataViewRow row, DataViewSchema.Column column)
    {
        var reader = new FeatureReader(row, column);
        return plan.IsIdentity ? reader : new ImageReader(reader, plan, column.Name);
    }

    public override BackboneBatch ToBatch(ReadOnlySpan<float> rows, int count, Device device) =>
        BackboneBatch.Images(TensorData.From(rows, [count, plan.ChannelCount, plan.Height, plan.Width], device));
}
