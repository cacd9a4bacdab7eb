// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.RowMapping;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

/// <summary>Makes an <see cref="ImageLoadingTransformer"/>; there is nothing to learn.</summary>
public sealed class ImageLoadingEstimator : IEstimator<ImageLoadingTransformer>
{
    private readonly ImageLoadingTransformer _transformer;

    internal ImageLoadingEstimator(ImageLoadingTransformer transformer) => _transformer = transformer;

    public ImageLoadingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Shapes.Check(inputSchema, _transformer.Source, "String", type => type is TextDataViewType);
        return HostAccess.With(inputSchema, _transformer.Name, new ImageDataViewType());
    }
}
