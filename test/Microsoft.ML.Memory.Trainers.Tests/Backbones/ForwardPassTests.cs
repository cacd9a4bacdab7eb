// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Backbones;

[TestClass]
public sealed class ForwardPassTests
{
    [TestInitialize]
    public void Initialize() => TorchTests.Require();

    // The device without memory stands for a GPU.
    [TestMethod]
    public void Drop_on_another_device_draws_the_masks_of_the_host()
    {
        using var scope = NewDisposeScope();
        using Generator host = new(3), elsewhere = new(3);

        new ForwardPass { Dropout = host }.Drop(ones([4, 5]), 0.5);
        Tensor dropped = new ForwardPass { Dropout = elsewhere }.Drop(ones([4, 5], float32, META), 0.5);

        Assert.AreEqual(DeviceType.META, dropped.device_type);
        CollectionAssert.AreEqual(host.get_state().bytes.ToArray(), elsewhere.get_state().bytes.ToArray());
    }
}
