// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Images;

/// <summary>Finds pictures, and says where they cannot be decoded at all.</summary>
internal static class Pictures
{
    /// <summary>Skips the test where the host's native decoders are missing.</summary>
    public static void RequireDecoders()
    {
        try
        {
            using MLImage image = Decode(Png.Of(1, 1, Png.Grey, 8, [0]));
            using MLImage none = Decode([0xFF, 0xD8, 0xFF, 0xD9]);
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException)
        {
            Assert.Inconclusive($"Pictures cannot be decoded here: {exception.Message}");
        }
        catch (ArgumentException)
        {
            // The picture without content: both decoders answer.
        }
    }

    /// <summary>True where the stand-in runs, which takes less than the real host.</summary>
    public static bool AreOfStandIn => typeof(MLImage).Assembly
        .GetCustomAttributes(typeof(System.Reflection.AssemblyFileVersionAttribute), inherit: false)
        .Cast<System.Reflection.AssemblyFileVersionAttribute>().Any(version => version.Version == "0.0.0.0");

    public static MLImage Decode(byte[] file) => MLImage.CreateFromStream(new MemoryStream(file));

    /// <summary>Gives the path of a sample picture; skips the test where there is none.</summary>
    public static string Sample(string name)
    {
        string folder = Environment.GetEnvironmentVariable("MEMORY_ML_DATA");
        for (DirectoryInfo up = new(AppContext.BaseDirectory); folder is null && up is not null; up = up.Parent)
        {
            string candidate = Path.Combine(up.FullName, "shared", "data");
            if (Directory.Exists(candidate))
                folder = candidate;
        }
        string path = Path.Combine(folder ?? "", "images", name);
        if (!File.Exists(path))
            Assert.Inconclusive($"The sample picture '{name}' is not here. Set MEMORY_ML_DATA to the data folder.");
        return path;
    }

    /// <summary>The bytes of each pixel as text, in the order blue, green, red, alpha.</summary>
    public static string Text(MLImage image)
    {
        byte[] pixels = image.Pixels.ToArray();
        bool redFirst = image.PixelFormat == MLPixelFormat.Rgba32;
        return string.Join(" ", pixels.Chunk(4).Select(pixel => redFirst
            ? $"{pixel[2]},{pixel[1]},{pixel[0]},{pixel[3]}"
            : $"{pixel[0]},{pixel[1]},{pixel[2]},{pixel[3]}"));
    }
}
