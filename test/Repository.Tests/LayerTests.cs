// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Microsoft.ML.Memory.Repository;

[TestClass]
public sealed class LayerTests
{
    [TestMethod]
    public void Core_references_no_host_and_no_torch() =>
        Tree.AssertNone(
            References("Microsoft.ML.Memory")
                .Where(r => r.StartsWith("Microsoft.ML", StringComparison.Ordinal) || IsHeavy(r)),
            "Microsoft.ML.Memory must reference neither ML.NET nor Torch.");

    [TestMethod]
    public void Core_references_only_the_framework_and_tensors() =>
        Tree.AssertNone(
            References("Microsoft.ML.Memory").Where(r => !r.StartsWith("System.", StringComparison.Ordinal)),
            "Microsoft.ML.Memory must reference the framework and System.Numerics.Tensors only.");

    [TestMethod]
    public void Transforms_reference_core_and_host_but_nothing_heavy()
    {
        string[] references = References("Microsoft.ML.Memory.Transforms");

        Assert.Contains("Microsoft.ML.Memory", references);
        Assert.Contains("Microsoft.ML.Core", references);
        Tree.AssertNone(references.Where(IsHeavy),
            "Microsoft.ML.Memory.Transforms must reference neither Torch nor ONNX Runtime.");
    }

    private static bool IsHeavy(string name) =>
        name.Contains("Torch", StringComparison.OrdinalIgnoreCase)
        || name.Contains("Onnx", StringComparison.OrdinalIgnoreCase);

    private static string[] References(string assembly)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        using var image = new PEReader(file);
        MetadataReader reader = image.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(r => reader.GetString(reader.GetAssemblyReference(r).Name))];
    }
}
