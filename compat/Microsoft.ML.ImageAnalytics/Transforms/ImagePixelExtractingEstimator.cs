// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.RowMapping;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes an <see cref="ImagePixelExtractingTransformer"/>; there is nothing to learn.</summary>
public sealed class ImagePixelExtractingEstimator : IEstimator<ImagePixelExtractingTransformer>
{
    private readonly ImagePixelExtractingTransformer _transformer;

    internal ImagePixelExtractingEstimator(ImagePixelExtractingTransformer transformer) => _transformer = transformer;

    [Flags]
    public enum ColorBits : byte
    {
        Alpha = 1,
        Red = 2,
        Green = 4,
        Blue = 8,
        Rgb = 14,
        All = 15,
    }

    public enum ColorsOrder : byte
    {
        ARGB = 1,
        ARBG = 2,
        ABRG = 3,
        ABGR = 4,
        AGRB = 5,
        AGBR = 6,
    }

    public ImagePixelExtractingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Shapes.Check(inputSchema, _transformer.Source, "Image", type => type is ImageDataViewType);

        // The size is not known before the data, only that there is one.
        VectorDataViewType type = _transformer.Layout.TypeFor(new ImageDataViewType(1, 1));
        return HostAccess.With(inputSchema, _transformer.Name, type);
    }
}
