// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

/// <summary>Logits, gradients and three steps of the methods inside the trunk against their references.</summary>
[TestClass]
public sealed class TrunkGoldenTests
{
    [TestMethod]
    [DataRow("bitfit")]
    [DataRow("adapter_sequential")]
    [DataRow("adapter_houlsby")]
    [DataRow("adapter_parallel")]
    [DataRow("prefix")]
    [DataRow("vpt_deep")]
    public void Method_with_the_values_of_the_reference_equals_it(string method)
    {
        TorchTests.Require();
        using var golden = new MethodGolden(
            method, b => TrunkMethods.Options(method).Create(b, new SeededRandom(1)));

        golden.Check();
    }
}
