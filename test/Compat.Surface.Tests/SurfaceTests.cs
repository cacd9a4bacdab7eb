// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using Compat.Surface.Tests.Printing;

namespace Compat.Surface.Tests;

/// <summary>A stand-in may lack members of the real assembly; what it has must be exactly the real thing.</summary>
[TestClass]
public sealed class SurfaceTests
{
    private const string Torch = "TorchSharp";
    private const string Onnx = "Microsoft.ML.OnnxRuntime";

    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "stand-ins");

    public static IEnumerable<object[]> StandIns => Directory.GetFiles(_folder, "*.dll")
        .Select(f => new object[] { Path.GetFileNameWithoutExtension(f) });

    [TestMethod]
    public void StandIns_are_the_assemblies_of_the_host_and_those_of_torch_and_onnx()
    {
        string[] expected =
        [
            "Microsoft.ML.Core",
            "Microsoft.ML.Data",
            "Microsoft.ML.DataView",
            "Microsoft.ML.ImageAnalytics",
            "Microsoft.ML.OnnxTransformer",
            "Microsoft.ML.Transforms",
            Onnx,
            Torch,
        ];

        CollectionAssert.AreEquivalent(expected, StandIns.Select(s => (string)s[0]).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(StandIns))]
    public void Every_member_is_in_the_real_listing(string assembly)
    {
        string[] real = RealListing.Of(assembly);

        string[] wrong = [.. Surface(assembly).Except(real)];

        Assert.IsEmpty(wrong, string.Concat(
            wrong.Select(w => $"\n  has     {w}\n  nearest {RealListing.Nearest(w, real)}")));
    }

    [TestMethod]
    [DynamicData(nameof(StandIns))]
    public void Identity_is_that_of_the_real_assembly(string assembly)
    {
        AssemblyName name = AssemblyName.GetAssemblyName(Path.Combine(_folder, assembly + ".dll"));

        string rest = assembly switch
        {
            Torch => "Version=0.106.0.0, Culture=neutral, PublicKeyToken=null",
            // The real one has a key that is not at hand: what is compiled here binds to any that is newer.
            Onnx => "Version=0.0.0.0, Culture=neutral, PublicKeyToken=null",
            _ => "Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51",
        };
        Assert.AreEqual($"{assembly}, {rest}", name.FullName);
    }

    [TestMethod]
    public void A_changed_parameter_name_is_found()
    {
        string[] real = RealListing.Of("Microsoft.ML.DataView");
        string line = real.Single(l => l.Contains("VBuffer<T>.GetItemOrDefault(int index)", StringComparison.Ordinal));

        string changed = line.Replace("int index", "int place", StringComparison.Ordinal);

        CollectionAssert.DoesNotContain(real, changed);
        Assert.AreEqual(line, RealListing.Nearest(changed, real));
    }

    private static string[] Surface(string assembly) => AssemblySurface.Of(
        Path.Combine(_folder, assembly + ".dll"), Directory.GetFiles(_folder, "*.dll"));
}
