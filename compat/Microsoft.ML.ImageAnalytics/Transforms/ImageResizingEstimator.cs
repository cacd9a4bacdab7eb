// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.RowMapping;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes an <see cref="ImageResizingTransformer"/>; there is nothing to learn.</summary>
public sealed class ImageResizingEstimator : IEstimator<ImageResizingTransformer>
{
    private readonly ImageResizingTransformer _transformer;

    internal ImageResizingEstimator(ImageResizingTransformer transformer) => _transformer = transformer;

    /// <summary>What happens where the proportions differ.</summary>
    public enum ResizingKind : byte
    {
        IsoPad = 0,
        IsoCrop = 1,
        Fill = 2,
    }

    /// <summary>Which side of the picture stays when the other is cropped.</summary>
    public enum Anchor : byte
    {
        Right = 0,
        Left = 1,
        Top = 2,
        Bottom = 3,
        Center = 4,
    }

    public ImageResizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Shapes.Check(inputSchema, _transformer.Source, "Image", type => type is ImageDataViewType);
        return HostAccess.With(inputSchema, _transformer.Name, _transformer.Frame.Type);
    }
}
