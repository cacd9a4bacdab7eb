// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>The way to the host's images, whose assembly need not be there.</summary>
/// <remarks>Only <see cref="HostImageCode"/> and <see cref="HostImageColumn"/> name their types.</remarks>
internal static class HostImages
{
    private const string AssemblyName = "Microsoft.ML.ImageAnalytics";

    /// <summary>Makes the source for a column of the host's images.</summary>
    public static ImageSource SourceOf(SizedImages images, DataViewRow row, DataViewSchema.Column column)
        => Guarded(() => HostImageCode.SourceOf(images, row, column));

    /// <exception cref="InvalidOperationException">The host's images are not there.</exception>
    public static void RequireAssembly() => Guarded(HostImageCode.Touch);

    /// <summary>Decodes an image into the pixels of a scratch, four bytes each.</summary>
    /// <exception cref="InvalidOperationException">The bytes are no whole image; the message names the row.</exception>
    public static (int Width, int Height, PixelOrder Order, int Length) Decode(
        byte[] file, int length, ImageScratch scratch, string columnName, long row)
    {
        try
        {
            return HostImageCode.Decode(file, length, scratch);
        }
        catch (Exception error) when (IsMissing(error))
        {
            throw Missing(error);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new InvalidOperationException(
                FeedErrors.NoImage(columnName, row, $"{length} bytes that cannot be decoded").Message, error);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T Guarded<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception error) when (IsMissing(error))
        {
            throw Missing(error);
        }
    }

    private static bool IsMissing(Exception error) => NetworkFailure.IsMissingLibrary(error)
        || (error is FileNotFoundException file
            && file.FileName?.StartsWith(AssemblyName, StringComparison.Ordinal) == true);

    private static InvalidOperationException Missing(Exception error) => new(
        $"EmbedOnnx must find the host's images to read images from files. Got none. Add the package {AssemblyName} to "
        + "the program.", error);
}
