// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Data;

namespace MemoryServe;

[TestClass]
public sealed class PictureTests
{
    private const string Key = ServerUnderTest.Key;

    [TestMethod]
    [DataRow(64, 1)]
    [DataRow(192, 3)]
    public async Task Vector_of_pixels_is_drawn_as_it_is(int dimension, int channels)
    {
        VectorRow[] rows = VectorModels.Rows(20, dimension, 256);
        await using ServerUnderTest server = await StartAsync(rows);

        (int status, string? type, byte[] file) = await GetAsync(server, 7);

        Assert.AreEqual(200, status);
        Assert.AreEqual("image/png", type);
        using MLImage image = VectorModels.Decode(file);
        Assert.AreEqual((8, 8), (image.Width, image.Height));
        float[] expected = [.. Enumerable.Range(0, 64 * 3).Select(
            place => rows[7].Features[channels == 1 ? place / 3 : place])];
        CollectionAssert.AreEqual(expected, RgbOf(image));
    }

    [TestMethod]
    public void Png_gives_back_every_pixel() => Prop
        .ForAll<byte, bool, byte[]>((size, isColored, bytes) =>
        {
            int channels = isColored ? 3 : 1;
            int width = (size % 20) + 1;
            int height = Math.Max(1, bytes.Length / (width * channels));
            Array.Resize(ref bytes, width * height * channels);

            using MLImage image = VectorModels.Decode(PngFile.Write(width, height, channels, bytes));

            return (image.Width, image.Height) == (width, height) && RgbOf(image).AsSpan().SequenceEqual(
                [.. Enumerable.Range(0, width * height * 3).Select(
                    place => (float)bytes[isColored ? place : place / 3])]);
        })
        .QuickCheckThrowOnFailure();

    [TestMethod]
    public void Values_out_of_the_range_are_dark_or_bright()
    {
        var shape = new PictureShape(3, 1, 1, 10, 20);

        using MLImage image = VectorModels.Decode(shape.Draw([9, 15, 21]));
        using MLImage flat = VectorModels.Decode(new PictureShape(1, 1, 1, 5, 5).Draw([5]));

        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 128, 128, 128, 255, 255, 255 }, RgbOf(image));
        CollectionAssert.AreEqual(new float[] { 0, 0, 0 }, RgbOf(flat));
    }

    [TestMethod]
    public async Task Vector_that_is_no_picture_is_drawn_as_cells()
    {
        VectorRow[] rows = VectorModels.Rows(20, 40, 1000);
        await using ServerUnderTest server = await StartAsync(rows);

        (int status, string? type, byte[] file) = await GetAsync(server, 7);

        Assert.AreEqual(200, status);
        Assert.AreEqual("image/png", type);
        using MLImage image = VectorModels.Decode(file);
        Assert.AreEqual((32, 2), (image.Width, image.Height));
        float[] features = rows[7].Features;
        float low = features.Min();
        float[] expected = [.. Enumerable.Range(0, 64).Select(place => place < 40
            ? MathF.Round(255 * (features[place] - low) / (features.Max() - low)) : 0)];
        CollectionAssert.AreEqual(expected, RgbOf(image).Where((_, place) => place % 3 == 0).ToArray());
    }

    [TestMethod]
    public async Task Pictures_of_the_operator_are_given_as_they_are()
    {
        string folder = Directory.CreateTempSubdirectory("memory-serve-").FullName;
        byte[] png = TestPng.Write(2, 77);
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];
        await File.WriteAllBytesAsync(Path.Combine(folder, "1.png"), png);
        await File.WriteAllBytesAsync(Path.Combine(folder, "2.jpg"), jpeg);
        await File.WriteAllBytesAsync(Path.Combine(folder, "3.png"), jpeg);
        await using ServerUnderTest server = await StartAsync(
            VectorModels.Rows(20, 64, 256), ("PictureFolder", folder));

        (_, string? firstType, byte[] first) = await GetAsync(server, 1);
        (_, string? secondType, byte[] second) = await GetAsync(server, 2);
        (_, string? thirdType, byte[] third) = await GetAsync(server, 3);
        (_, string? drawnType, byte[] drawn) = await GetAsync(server, 4);
        Directory.Delete(folder, recursive: true);

        Assert.AreEqual(
            ("image/png", "image/jpeg", "image/jpeg", "image/png"), (firstType, secondType, thirdType, drawnType));
        CollectionAssert.AreEqual(png, first);
        CollectionAssert.AreEqual(jpeg, second);
        CollectionAssert.AreEqual(jpeg, third);
        using MLImage image = VectorModels.Decode(drawn);
        Assert.AreEqual((8, 8), (image.Width, image.Height));
    }

    [TestMethod]
    public async Task File_that_is_no_picture_or_too_large_is_kept_back()
    {
        string folder = Directory.CreateTempSubdirectory("memory-serve-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "1.png"), "<script>alert(1)</script>");
        await File.WriteAllBytesAsync(Path.Combine(folder, "2.png"), [.. TestPng.Write(2, 7), .. new byte[2000]]);
        await File.WriteAllBytesAsync(Path.Combine(folder, "3.png"), []);
        await using ServerUnderTest server = await StartAsync(
            VectorModels.Rows(20, 64, 256), ("PictureFolder", folder), ("BodyBytes", "2000"));

        foreach (int id in (int[])[1, 2, 3])
        {
            Answer answer = await server.GetAsync($"/v1/inspect/entries/{id}/picture", Key);

            answer.AssertProblem(
                409,
                "Conflict",
                "The entry's picture must be a readable PNG or JPEG file of at most 2000 bytes. It is not.");
        }

        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    [DataRow("..%2fsecret")]
    [DataRow("..%5csecret")]
    [DataRow("%2e%2e%2fsecret")]
    [DataRow("secret")]
    [DataRow("19")]
    public async Task Files_that_are_no_pictures_of_entries_are_out_of_reach(string id)
    {
        string folder = Directory.CreateTempSubdirectory("memory-serve-").FullName;
        string pictures = Directory.CreateDirectory(Path.Combine(folder, "pictures")).FullName;
        foreach (string name in (string[])["../secret.png", "secret.png", "19.png"])
            await File.WriteAllBytesAsync(Path.Combine(pictures, name), TestPng.Write(2, 77));
        await using ServerUnderTest server = await StartAsync(
            VectorModels.Rows(20, 64, 256), ("PictureFolder", pictures));
        await server.SendAsync(HttpMethod.Delete, "/v1/examples/19", key: Key);

        Answer answer = await server.GetAsync($"/v1/inspect/entries/{id}/picture", Key);
        Directory.Delete(folder, recursive: true);

        answer.AssertProblem(404, "Not Found", "The entry must be stored. It is not.");
    }

    private static Task<ServerUnderTest> StartAsync(
        VectorRow[] rows, params (string Name, string Value)[] settings)
        => ServerUnderTest.StartAsync(path => VectorModels.Save(path, rows), null, settings);

    private static async Task<(int Status, string? Type, byte[] File)> GetAsync(ServerUnderTest server, int id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/inspect/entries/{id}/picture");
        request.Headers.Authorization = new("Bearer", Key);
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        return (
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Gives red, green and blue of every pixel.</summary>
    private static float[] RgbOf(MLImage image)
    {
        int step = image.BitsPerPixel / 8;
        int[] order = image.PixelFormat == MLPixelFormat.Bgra32 ? [2, 1, 0] : [0, 1, 2];
        byte[] pixels = image.Pixels.ToArray();
        return [.. Enumerable.Range(0, image.Width * image.Height).SelectMany(
            pixel => order.Select(channel => (float)pixels[(pixel * step) + channel]))];
    }
}
