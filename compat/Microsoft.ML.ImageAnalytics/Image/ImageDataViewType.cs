// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>The type of a column of pictures; height and width are 0 where they differ from row to row.</summary>
public sealed class ImageDataViewType : StructuredDataViewType
{
    public readonly int Height;

    public readonly int Width;

    public ImageDataViewType()
        : base(typeof(MLImage))
    {
    }

    public ImageDataViewType(int height, int width)
        : this()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        Height = height;
        Width = width;
    }

    public override bool Equals(DataViewType other) =>
        other is ImageDataViewType image && image.Height == Height && image.Width == Width;

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode() => HashCode.Combine(Height, Width);

    public override string ToString() => Height == 0 ? "Image" : $"Image<{Height}, {Width}>";
}
