// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.FineTuning;

/// <summary>Compares what two trainings came to, bit by bit.</summary>
internal static class Tensors
{
    public static void AssertSame(FineTuneTransformer expected, FineTuneTransformer actual) =>
        AssertSame(expected.Model.Tuned, actual.Model.Tuned);

    public static void AssertSame(TunedModel expected, TunedModel actual)
    {
        Assert.HasCount(expected.Tensors.Count, actual.Tensors);
        foreach ((TrainedTensor one, TrainedTensor other) in expected.Tensors.Zip(actual.Tensors))
        {
            Assert.AreEqual(one.Name, other.Name);
            CollectionAssert.AreEqual(TensorData.ToArray(one.Tensor), TensorData.ToArray(other.Tensor), one.Name);
        }
    }
}
