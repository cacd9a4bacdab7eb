// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data.Decoding;

namespace Microsoft.ML.Data;

/// <summary>A picture: four bytes a pixel, row after row without gaps.</summary>
/// <remarks>
/// <para>Decoded pictures are Bgra32 and their colours multiplied by alpha, as drawing libraries keep them; the pages
/// of the real type say neither.</para>
/// <para>PNG and JPEG only, and nothing truncated or damaged: the host takes more.</para>
/// </remarks>
public sealed class MLImage : IDisposable
{
    private const int PixelBytes = 4;

    private readonly byte[] _pixels;
    private readonly int _width;
    private readonly int _height;
    private readonly MLPixelFormat _pixelFormat;
    private bool _isDisposed;
    private string _tag;

    private MLImage(int width, int height, MLPixelFormat pixelFormat, byte[] pixels)
    {
        _width = width;
        _height = height;
        _pixelFormat = pixelFormat;
        _pixels = pixels;
    }

    public int Width
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _width;
        }
    }

    public int Height
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _height;
        }
    }

    public int BitsPerPixel
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return PixelBytes * 8;
        }
    }

    public MLPixelFormat PixelFormat
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _pixelFormat;
        }
    }

    public ReadOnlySpan<byte> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _pixels;
        }
    }

    /// <summary>A copy of blue, green and red of each pixel, without alpha.</summary>
    public byte[] GetBGRPixels
    {
        get
        {
            ReadOnlySpan<byte> pixels = Pixels;
            byte[] colours = new byte[pixels.Length / PixelBytes * 3];
            bool redFirst = _pixelFormat == MLPixelFormat.Rgba32;
            for (int from = 0, to = 0; from < pixels.Length; from += PixelBytes, to += 3)
            {
                colours[to] = pixels[redFirst ? from + 2 : from];
                colours[to + 1] = pixels[from + 1];
                colours[to + 2] = pixels[redFirst ? from : from + 2];
            }
            return colours;
        }
    }

    public string Tag
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _tag;
        }
        set
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _tag = value;
        }
    }

    public static MLImage CreateFromStream(Stream imageStream)
    {
        ArgumentNullException.ThrowIfNull(imageStream);
        return Decode(imageStream) ?? throw new ArgumentException("Invalid input stream contents", nameof(imageStream));
    }

    public static MLImage CreateFromFile(string imagePath)
    {
        ArgumentNullException.ThrowIfNull(imagePath);
        using FileStream file = new(imagePath, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Decode(file) ?? throw new ArgumentException("Invalid path", nameof(imagePath));
    }

    public static MLImage CreateFromPixels(
        int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (width <= 0)
            throw new ArgumentOutOfRangeException(nameof(width), "The width must be at least 1.");
        if (height <= 0)
            throw new ArgumentOutOfRangeException(nameof(height), "The height must be at least 1.");
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
            throw new ArgumentException("The format must be Bgra32 or Rgba32.", nameof(pixelFormat));
        if (imagePixelData.Length != (long)width * height * PixelBytes)
            throw new ArgumentException("The data must hold four bytes for each pixel.", nameof(imagePixelData));
        return new MLImage(width, height, pixelFormat, imagePixelData.ToArray());
    }

    public void Dispose() => _isDisposed = true;

    private static MLImage Decode(Stream stream) => PictureDecoder.Decode(stream) is { } picture
        ? new MLImage(picture.Width, picture.Height, MLPixelFormat.Bgra32, picture.Pixels)
        : null;
}
