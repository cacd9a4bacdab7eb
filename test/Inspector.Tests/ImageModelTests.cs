// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;

namespace MemoryServe;

/// <summary>The inspector page in front of a model whose input is an image, which is uploaded as it is.</summary>
[TestClass]
public sealed class ImageModelTests
{
    [TestMethod]
    [DataRow((byte)20, "dark")]
    [DataRow((byte)230, "light")]
    public async Task Dropped_image_is_predicted(byte gray, string label)
    {
        if (await Chromium.FindProblemAsync(Tree.Tests) is { } missing) Assert.Inconclusive(missing);
        await using ServerUnderTest server = await ImageModel.StartAsync();
        if ((await server.GetAsync("/inspector/")).Status == 404)
            Assert.Inconclusive("The page must be built into the server. It is not: npm could not bundle it.");

        string address = $"{server.Client.BaseAddress}inspector/#key={Uri.EscapeDataString(ServerUnderTest.Key)}";
        string image = Convert.ToBase64String(TestPng.Write(ImageModel.Side, gray));
        Chromium.Ending ending = await Chromium.DropAsync(Tree.Tests, address, image);

        Assert.AreEqual(0, ending.ExitCode, ending.Error);
        JsonNode shown = JsonNode.Parse(ending.Output)!;
        Assert.AreEqual(label, (string?)shown["label"]);
        Assert.AreEqual(3, (int)shown["neighborCount"]!);
        Assert.AreEqual("", (string?)shown["complaints"]);
    }
}
