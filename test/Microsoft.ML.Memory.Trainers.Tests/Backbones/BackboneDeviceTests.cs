// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.FineTuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Backbones;

[TestClass]
public sealed class BackboneDeviceTests
{
    private const int Threads = 8;

    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [TestInitialize]
    public void Initialize() => TorchTests.Require();

    [TestMethod]
    public void On_of_many_threads_makes_one_copy()
    {
        using Backbone backbone = Backbone.Create(TinyImages.Config with { LayerCount = 200 }, 5);
        using var start = new Barrier(Threads);
        long made = 0;
        var copies = new Backbone[Threads];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() => Copy(i)))];

        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();

        Assert.AreEqual(1, copies.Distinct().Count());
        Assert.AreEqual(backbone.Tensors.Count, made);

        void Copy(int i)
        {
            start.SignalAndWait();
            copies[i] = backbone.On(META);
            Interlocked.Add(ref made, Live);
        }
    }
}
