// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Net.Http.Headers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Transforms.Image;

namespace MemoryServe;

[TestClass]
public sealed class ImageTests
{
    private const int Side = ImageModel.Side;

    [TestMethod]
    public async Task Image_is_predicted_by_a_model_of_images()
    {
        await using ServerUnderTest server = await ImageModel.StartAsync();

        Answer dark = await PostAsync(server, Png(Side, 20));
        Answer light = await PostAsync(server, Png(Side, 230));

        Assert.AreEqual("dark", (string?)dark.Json["label"], dark.Text);
        Assert.AreEqual("light", (string?)light.Json["label"], light.Text);
    }

    [TestMethod]
    public async Task Image_model_refuses_rows_and_says_where_to_upload()
    {
        await using ServerUnderTest server = await ImageModel.StartAsync();

        Answer answer = await PredictTests.PostTextAsync(server, "/v1/predict", "{}");

        answer.AssertProblem(
            415,
            "Unsupported Media Type",
            "The model's column 'Image' must be an image. Got JSON. Upload it to /v1/predict/image.");
    }

    [TestMethod]
    public async Task Row_model_refuses_images()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await PostAsync(server, Png(Side, 20));

        answer.AssertProblem(
            415,
            "Unsupported Media Type",
            "The model's input must be an image for this. It is not. Send rows to /v1/predict.");
    }

    [TestMethod]
    public async Task Image_of_too_many_pixels_is_refused_before_it_is_decoded()
    {
        await using ServerUnderTest server = await ImageModel.StartAsync(("ImagePixels", "100"));
        byte[] huge = Png(Side, 20);
        huge[16..20].AsSpan().Clear();
        huge[18] = 0x7F;

        Answer answer = await PostAsync(server, huge);

        answer.AssertProblem(
            413, "Payload Too Large", "An image must have at most 100 pixels. Got 32516 x 4.");
    }

    [TestMethod]
    [DataRow(10)]
    [DataRow(40)]
    public async Task Image_that_is_cut_short_is_refused(int length)
    {
        await using ServerUnderTest server = await ImageModel.StartAsync();

        Answer answer = await PostAsync(server, Png(Side, 20)[..length]);

        answer.AssertProblem(400, "Bad Request", "The body must be a whole PNG or JPEG file. It is not.");
    }

    [TestMethod]
    public async Task Upload_of_another_type_is_refused()
    {
        await using ServerUnderTest server = await ImageModel.StartAsync();

        Answer answer = await PostAsync(server, Png(Side, 20), "image/tiff");

        answer.AssertProblem(415, "Unsupported Media Type", "The body must be of type image/png or image/jpeg.");
    }

    [TestMethod]
    public void Size_of_a_jpeg_is_read_from_its_frame()
    {
        byte[] file = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xC2, 0, 11, 8, 1, 0, 2, 3, 1, 1, 0x11, 0];

        Assert.AreEqual(new ImageSize(515, 256), ImageSize.Read(file));
        Assert.IsNull(ImageSize.Read(file.AsSpan(0, 15)));
    }

    private static async Task<Answer> PostAsync(ServerUnderTest server, byte[] file, string type = "image/png")
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using HttpResponseMessage response = await server.Client.PostAsync("/v1/predict/image", content);
        return await Answer.OfAsync(response);
    }

    private static byte[] Png(int side, byte gray) => TestPng.Write(side, gray);
}
