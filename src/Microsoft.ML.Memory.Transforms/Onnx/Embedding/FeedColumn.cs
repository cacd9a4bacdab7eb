// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>What a column that feeds a network holds.</summary>
internal static class FeedColumn
{
    private const string ImageTypeName = "Microsoft.ML.Transforms.Image.ImageDataViewType";

    private static readonly PrimitiveDataViewType[] _numbers =
    [
        NumberDataViewType.Single, NumberDataViewType.Double, NumberDataViewType.Byte, NumberDataViewType.Int32,
        NumberDataViewType.UInt32, NumberDataViewType.Int64, BooleanDataViewType.Instance,
    ];

    /// <summary>Whether it holds the host's images; the type is known by its name, since its assembly may be missing.
    /// </summary>
    public static bool IsHostImage(DataViewType type) => type.GetType().FullName == ImageTypeName;

    /// <summary>Whether it holds images as files, PNG or JPEG.</summary>
    public static bool IsEncodedImage(DataViewType type)
        => type is VectorDataViewType { IsKnownSize: false } vector && vector.ItemType == NumberDataViewType.Byte;

    /// <summary>Whether images differ in size, each carrying its own.</summary>
    public static bool CarriesSize(DataViewType type) => IsHostImage(type) || IsEncodedImage(type);

    /// <summary>Whether it holds raw pixels.</summary>
    public static bool IsPixels(DataViewType type) => type is VectorDataViewType { IsKnownSize: true } vector
        && (vector.ItemType == NumberDataViewType.Byte || vector.ItemType == NumberDataViewType.Single);

    /// <summary>Gives the type of its numbers; null where it holds none.</summary>
    public static PrimitiveDataViewType? NumberOf(DataViewType type)
    {
        DataViewType item = type is VectorDataViewType vector ? vector.ItemType : type;
        return _numbers.FirstOrDefault(number => number.Equals(item));
    }

    /// <summary>Gives how many numbers a row holds; null where that differs from row to row.</summary>
    public static int? SizeOf(DataViewType type) => type is VectorDataViewType vector
        ? vector.IsKnownSize ? vector.Size : null
        : 1;

    public static ArgumentException NotNumbers(DataViewSchema.Column column, string input) => new(
        $"Column '{column.Name}' must hold numbers for input '{input}' of the network. Got {column.Type}. "
        + (CarriesSize(column.Type)
            ? "Say how images are read in EmbedOnnxOptions.Image."
            : "Convert it with mlContext.Transforms.Conversion.ConvertType."));
}
