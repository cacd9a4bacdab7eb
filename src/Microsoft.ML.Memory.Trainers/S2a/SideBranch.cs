// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A narrow network beside the trunk that reads means of adjacent channels of its blocks' outputs.</summary>
internal sealed class SideBranch
{
    private readonly long _group;
    private readonly SideStep[] _steps;
    private readonly LinearLayer _up;

    /// <param name="trunk">The network beside it.</param>
    /// <param name="group">Channels that make one.</param>
    /// <param name="random">Draws first values.</param>
    /// <param name="train">Takes a tensor, its name and whether it decays into training.</param>
    public SideBranch(Trunk trunk, int group, SeededRandom random, Func<string, Tensor, bool, Tensor> train)
    {
        _group = group;
        long width = trunk.Width / group;
        Device device = trunk.Device;
        LinearLayer Linear(string name, Tensor weight) => new(name, train(name + ".weight", weight, true), null);
        _steps =
        [
            .. trunk.Blocks.Select(b => new SideStep(
                new NormLayer(
                    train($"side.{b.Index}.norm.weight", ones([width], float32, device), false),
                    train($"side.{b.Index}.norm.bias", zeros([width], float32, device), false),
                    trunk.Config.LayerNormEpsilon),
                Linear($"side.{b.Index}.fc1", TensorInit.Linear(random, width, width, device)),
                Linear($"side.{b.Index}.fc2", zeros([width, width], float32, device)))),
        ];
        _up = Linear("side.up", zeros([trunk.PooledSize, width], float32, device));
    }

    /// <summary>Means of adjacent channels, [B, N, D/group], without a graph.</summary>
    public Tensor Pool(Tensor x)
    {
        using var scope = NewDisposeScope();
        long[] shape = x.shape;
        return x.detach().Wide().view(shape[0], shape[1], -1, _group).mean([-1]).MoveToOuterDisposeScope();
    }

    /// <summary>Goes on by one block.</summary>
    /// <param name="index">Of the block.</param>
    /// <param name="state">[B, N, D/group].</param>
    /// <param name="x">What left the block, [B, N, D].</param>
    /// <param name="pass">The pass.</param>
    public Tensor Step(int index, Tensor state, Tensor x, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        return pass.Operators.Side(state, Pool(x), _steps[index]).MoveToOuterDisposeScope();
    }

    /// <summary>What the first token adds to the feature, [B, F].</summary>
    public Tensor Read(Tensor state)
    {
        using var scope = NewDisposeScope();
        // A copy: autograd would keep all tokens with a part of them.
        return _up.Apply(state.select(1, 0).clone()).MoveToOuterDisposeScope();
    }
}
