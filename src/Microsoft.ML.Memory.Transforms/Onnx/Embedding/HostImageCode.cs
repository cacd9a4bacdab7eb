// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Everything that names the host's images; called by <see cref="HostImages"/> only.</summary>
/// <remarks>No method is inlined: the assembly is looked for when one of them first runs.</remarks>
internal static class HostImageCode
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ImageSource SourceOf(SizedImages images, DataViewRow row, DataViewSchema.Column column)
        => new HostImageColumn(images, row, column);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string Touch() => typeof(MLImage).Name;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static (int Width, int Height, PixelOrder Order, int Length) Decode(
        byte[] file, int length, ImageScratch scratch)
    {
        using var stream = new MemoryStream(file, 0, length, writable: false);
        using MLImage image = MLImage.CreateFromStream(stream);
        ReadOnlySpan<byte> pixels = image.Pixels;
        if (scratch.Pixels.Length < pixels.Length) scratch.Pixels = new byte[pixels.Length];
        pixels.CopyTo(scratch.Pixels);
        return (image.Width, image.Height, OrderOf(image), pixels.Length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PixelOrder OrderOf(MLImage image) => image.PixelFormat switch
    {
        MLPixelFormat.Bgra32 => PixelOrder.Bgra,
        MLPixelFormat.Rgba32 => PixelOrder.Rgba,
        _ => throw new InvalidOperationException(
            $"Images must be of format Bgra32 or Rgba32. Got {image.PixelFormat}."),
    };
}
