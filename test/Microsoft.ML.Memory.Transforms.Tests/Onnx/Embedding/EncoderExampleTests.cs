// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;

[TestClass]
public sealed class EncoderExampleTests
{
    private const int MostLines = 25;

    [TestMethod]
    public void Example_passes_its_own_checks_without_any_data()
    {
        OnnxHere.Require();
        string folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;
        try
        {
            string[] lines = Programs.Run("OnnxEncoder.dll", "--quick", "--drawn", "--out", folder);

            Assert.IsLessThanOrEqualTo(MostLines, lines.Length);
            StringAssert.StartsWith(lines[^1], "All checks passed");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
