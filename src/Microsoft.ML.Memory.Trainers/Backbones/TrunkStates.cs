// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Runs the untouched trunk without a graph and keeps some of its states.</summary>
internal static class TrunkStates
{
    /// <summary>Gives chosen states; blocks behind the last of them are not run.</summary>
    /// <param name="trunk">The network.</param>
    /// <param name="batch">B examples.</param>
    /// <param name="numbers">Ascending, at least one: 0 enters the first block, i leaves block i - 1.</param>
    /// <returns>[B, N, D] of single precision for each number, in the caller's dispose scope.</returns>
    public static Tensor[] Of(Trunk trunk, BackboneBatch batch, IReadOnlyList<int> numbers)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        var states = new Tensor[numbers.Count];
        Tensor x = trunk.Embed(batch);
        int next = 0;
        for (int number = 0; ; number++)
        {
            bool wanted = numbers[next] == number;
            if (wanted) states[next++] = x.Wide();
            if (next == states.Length) break;
            Tensor y = trunk.Blocks[number].Apply(x, batch.Mask, BlockChanges.None, ForwardPass.Plain);
            if (!wanted || x.dtype != float32) x.Dispose();
            x = y;
        }

        return [.. states.Select(s => s.MoveToOuterDisposeScope())];
    }
}
