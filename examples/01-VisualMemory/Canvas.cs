// Licensed under the MIT License. See LICENSE in the project root for license information.


namespace VisualMemoryExample;

/// <summary>A white RGB picture that small grey images and text are drawn on.</summary>
internal sealed class Canvas
{
    private readonly byte[] _pixels;

    public Canvas(int width, int height)
    {
        Width = width;
        Height = height;
        _pixels = new byte[width * height * 3];
        Array.Fill(_pixels, byte.MaxValue);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The picture as [height, width, 3], rows from the top.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Draws a square grey image, each pixel as a square of <paramref name="scale"/>.</summary>
    public void DrawImage(ReadOnlySpan<byte> image, int left, int top, int scale)
    {
        int side = (int)Math.Sqrt(image.Length);
        for (int index = 0; index < image.Length; index++)
        {
            byte grey = image[index];
            Fill(left + (index % side * scale), top + (index / side * scale), scale, (grey, grey, grey));
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
