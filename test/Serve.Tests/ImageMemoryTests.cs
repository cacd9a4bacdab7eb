// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Net.Http.Headers;

namespace MemoryServe;

[TestClass]
public sealed class ImageMemoryTests
{
    private const string Key = ServerUnderTest.Key;

    [TestMethod]
    public async Task Memory_of_images_says_that_pictures_are_asked_as_files()
    {
        await using ServerUnderTest server = await StartAsync();

        var memory = (await server.GetAsync("/v1/inspect", Key)).Json;

        Assert.AreEqual("image", (string?)memory["input"], memory.ToJsonString());
        Assert.AreEqual("Image", (string?)memory["inputColumn"]);
        Assert.AreEqual(48, (int)memory["dimension"]!);
        Assert.IsNull(memory["picture"]);
    }

    [TestMethod]
    public async Task Uploaded_image_of_a_new_class_is_remembered_and_explains()
    {
        await using ServerUnderTest server = await StartAsync();
        byte[] gray = TestPng.Write(VectorModels.ImageSide, 128);

        Answer added = await PostAsync(server, "/v1/examples/image?label=gray&id=77", gray, Key);
        Answer taken = await PostAsync(server, "/v1/examples/image?label=gray&id=77", gray, Key);
        Answer numbered = await PostAsync(server, "/v1/examples/image?label=gray", gray, Key);
        Answer explained = await PostAsync(server, "/v1/explain/image?top=1", gray);

        Assert.AreEqual("""{"ids":[77],"entryCount":21}""", added.Text);
        taken.AssertProblem(409, "Conflict", "Id 77 must be free. It is taken.");
        Assert.AreEqual("""{"ids":[78],"entryCount":22}""", numbered.Text);
        Assert.AreEqual("gray", (string?)explained.Json["label"]);
        Assert.AreEqual(77, (long)explained.Json["neighbors"]![0]!["id"]!);
        Assert.HasCount(1, explained.Json["neighbors"]!.AsArray());
    }

    [TestMethod]
    [DataRow("", "Parameter 'label' must be the name of a class. It is empty.")]
    [DataRow("?label=", "Parameter 'label' must be the name of a class. It is empty.")]
    [DataRow("?label=gray&label=oak", "Parameter 'label' must be given once. It is given more often.")]
    [DataRow("?label=gray&id=x", "Parameter 'id' must be a whole number.")]
    public async Task Uploaded_example_needs_a_label_and_takes_a_number(string query, string detail)
    {
        await using ServerUnderTest server = await StartAsync();

        Answer answer = await PostAsync(
            server, "/v1/examples/image" + query, TestPng.Write(VectorModels.ImageSide, 128), Key);

        answer.AssertProblem(400, "Bad Request", detail);
    }

    [TestMethod]
    [DataRow("/v1/explain/image", "/v1/explain")]
    [DataRow("/v1/examples/image?label=oak", "/v1/examples")]
    public async Task Model_of_rows_refuses_images(string path, string rows)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await PostAsync(server, path, TestPng.Write(VectorModels.ImageSide, 128), Key);

        answer.AssertProblem(
            415,
            "Unsupported Media Type",
            $"The model's input must be an image for this. It is not. Send rows to {rows}.");
    }

    [TestMethod]
    public async Task Memory_that_numbers_its_entries_takes_no_id()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path, numbersItself: true));

        Answer answer = await PostAsync(
            server, "/v1/examples/image?label=oak&id=70", TestPng.Write(VectorModels.ImageSide, 128), Key);

        answer.AssertProblem(
            400, "Bad Request", "Parameter 'id' must be left out, since the memory numbers its entries. It is there.");
    }

    private static Task<ServerUnderTest> StartAsync()
        => ServerUnderTest.StartAsync(VectorModels.SaveImages, null, ("ImageColumn", "Image"));

    private static async Task<Answer> PostAsync(
        ServerUnderTest server, string path, byte[] file, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(file) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        return await Answer.OfAsync(response);
    }
}
