// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;

namespace Microsoft.ML.Memory.Trainers.Tests.Golden;

/// <summary>One file of reference tensors.</summary>
internal sealed class GoldenTensors : IDisposable
{
    private readonly SafetensorsFile _file;

    private GoldenTensors(SafetensorsFile file) => _file = file;

    public IEnumerable<string> Names => _file.Tensors.Keys;

    public static GoldenTensors Open(string name) => new(SafetensorsFile.Open(GoldenFiles.PathOf(name)));

    public torch.Tensor Tensor(string name) => _file.Find(name).Dtype == TensorDtype.Int64
        ? TensorData.From(_file.ReadInt64s(name), _file.Find(name).Shape)
        : TensorData.Read(_file, name);

    public float[] Values(string name) => _file.ReadSingles(name);

    /// <summary>The bytes of codes, of one byte each.</summary>
    public byte[] Bytes(string name)
    {
        byte[] bytes = new byte[_file.Find(name).ElementCount];
        _file.ReadBytes(name, 0, bytes);
        return bytes;
    }

    /// <summary>Fails where any value differs by more than the tolerance.</summary>
    public void AssertEqual(string name, torch.Tensor actual, double tolerance)
    {
        CollectionAssert.AreEqual(_file.Find(name).Shape.ToArray(), actual.shape, $"shape of {name}");
        AssertClose(Values(name), TensorData.ToArray(actual), tolerance, name);
    }

    public static void AssertClose(float[] expected, float[] actual, double tolerance, string name)
    {
        double worst = LargestDifference(expected, actual);
        Assert.IsTrue(worst <= tolerance, $"{name} differs by {worst}, tolerance {tolerance}");
    }

    public static double LargestDifference(float[] expected, float[] actual)
    {
        Assert.AreEqual(expected.Length, actual.Length);
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            worst = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(worst, difference);
        }

        return worst;
    }

    public void Dispose() => _file.Dispose();
}
