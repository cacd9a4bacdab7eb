// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

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
    public void Transforms_reference_core_and_host_but_no_torch()
    {
        string[] references = References("Microsoft.ML.Memory.Transforms");

        Assert.Contains("Microsoft.ML.Memory", references);
        Assert.Contains("Microsoft.ML.Core", references);
        Tree.AssertNone(references.Where(IsTorch), "Microsoft.ML.Memory.Transforms must not reference Torch.");
    }

    // Packages with a native library in them are for the program to choose: the managed part alone is referenced.
    [TestMethod]
    public void Transforms_take_no_package_with_a_native_library()
    {
        string[] packages = [.. XElement.Load(Path.Combine(
                Tree.Root, "src", "Microsoft.ML.Memory.Transforms", "Microsoft.ML.Memory.Transforms.csproj"))
            .Descendants().Where(e => e.Name.LocalName is "RunsOnnx" or "RunsImages" or "RunsTorch")
            .Select(e => e.Name.LocalName)];

        Tree.AssertNone(packages, "Microsoft.ML.Memory.Transforms must not run what it only compiles against.");
    }

    private static bool IsTorch(string name) => name.Contains("Torch", StringComparison.OrdinalIgnoreCase);

    private static bool IsHeavy(string name) =>
        IsTorch(name) || name.Contains("Onnx", StringComparison.OrdinalIgnoreCase);

    private static string[] References(string assembly)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        using var image = new PEReader(file);
        MetadataReader reader = image.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(r => reader.GetString(reader.GetAssemblyReference(r).Name))];
    }
}
