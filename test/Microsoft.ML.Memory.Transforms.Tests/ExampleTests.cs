// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class ExampleTests
{
    private const int MostLines = 25;

    [TestMethod]
    [DataRow("AdaNpc.dll")]
    [DataRow("KeyValueBottleneck.dll")]
    [DataRow("CompressedMemory.dll")]
    [DataRow("NearestNeighbors.dll")]
    public void Example_passes_its_own_checks_without_any_data(string program)
    {
        string folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;
        try
        {
            string[] lines = Programs.Run(program, "--quick", "--drawn", "--out", folder);

            Assert.IsLessThanOrEqualTo(MostLines, lines.Length);
            StringAssert.StartsWith(lines[^1], "All checks passed");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void Visual_memory_example_passes_its_own_checks_without_any_data()
    {
        string folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;
        try
        {
            string[] lines = Programs.Run("VisualMemory.dll", "--quick", "--drawn", "--out", folder);

            Assert.IsLessThanOrEqualTo(MostLines, lines.Length);
            StringAssert.StartsWith(lines[^1], "All checks passed");
            CollectionAssert.AreEqual(
                new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' }, File.ReadAllBytes(
                    Path.Combine(folder, "neighbors.png"))[..4]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
