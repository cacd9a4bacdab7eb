// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Copies of tensors on the host, to return to.</summary>
internal sealed class TensorSnapshot
{
    private readonly Dictionary<string, float[]> _values;

    private TensorSnapshot(Dictionary<string, float[]> values) => _values = values;

    public IReadOnlyDictionary<string, float[]> Values => _values;

    public static TensorSnapshot Of(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        return new TensorSnapshot(tensors.ToDictionary(t => t.Name, t => TensorData.ToArray(t.Tensor)));
    }

    /// <summary>Takes values, which must not change any more.</summary>
    public static TensorSnapshot Of(Dictionary<string, float[]> values) => new(values);

    /// <summary>Copies the values back into tensors of the same names and shapes.</summary>
    public void Restore(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        using IDisposable frozen = no_grad();
        foreach ((string name, Tensor tensor) in tensors)
        {
            using var scope = NewDisposeScope();
            tensor.copy_(TensorData.From(_values[name], tensor.shape));
        }
    }
}
