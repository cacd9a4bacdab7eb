// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A white RGB picture that small images and text are drawn on.</summary>
internal sealed class Canvas
{
    private readonly byte[] _pixels;

    public Canvas(int width, int height)
    {
        Width = width;
        Height = height;
        _pixels = new byte[checked(width * height * 3)];
        Array.Fill(_pixels, byte.MaxValue);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The picture as [height, width, 3], rows from the top.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Draws an image, each pixel as a square of <paramref name="scale"/>.</summary>
    public void DrawImage(SheetImage image, int left, int top, int scale)
    {
        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        for (int index = 0; index < image.Width * image.Height; index++)
        {
            (byte, byte, byte) color = image.IsColored
                ? (pixels[3 * index], pixels[(3 * index) + 1], pixels[(3 * index) + 2])
                : (pixels[index], pixels[index], pixels[index]);
            Fill(left + (index % image.Width * scale), top + (index / image.Width * scale), scale, color);
        }
    }

    /// <summary>Writes one line of text, each pixel of the font as a square of <paramref name="scale"/>.</summary>
    public void DrawText(string text, int left, int top, int scale, (byte Red, byte Green, byte Blue) color)
    {
        for (int index = 0; index < text.Length; index++)
        {
            int start = left + (index * (BitmapFont.GlyphWidth + 1) * scale);
            for (int y = 0; y < BitmapFont.GlyphHeight; y++)
            {
                for (int x = 0; x < BitmapFont.GlyphWidth; x++)
                {
                    if (BitmapFont.HasInk(text[index], x, y))
                        Fill(start + (x * scale), top + (y * scale), scale, color);
                }
            }
        }
    }

    private void Fill(int left, int top, int side, (byte Red, byte Green, byte Blue) color)
    {
        int right = Math.Min(left + side, Width);
        for (int y = top; y < Math.Min(top + side, Height); y++)
        {
            for (int x = left; x < right; x++)
            {
                int offset = ((y * Width) + x) * 3;
                (_pixels[offset], _pixels[offset + 1], _pixels[offset + 2]) = color;
            }
        }
    }
}
