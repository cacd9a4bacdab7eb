// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Class token and patches with positions, then registers (without positions).</summary>
internal sealed class ImageEmbedding : TrunkEmbedding
{
    private PositionMap? _map; // of the last size that was not the backbone's own

    public required int PatchSize { get; init; }

    /// <summary>Patches along a side of the backbone's own image size.</summary>
    public required int GridSide { get; init; }

    public required PositionRule Rule { get; init; }

    /// <summary>[1, 1, D], or [D] (CLIP).</summary>
    public required Tensor ClassToken { get; init; }

    /// <summary>[1, 1 + GridSide², D]; CLIP leaves out the first dimension.</summary>
    public required Tensor Positions { get; init; }

    /// <summary>[D, 3, p, p].</summary>
    public required Tensor PatchWeight { get; init; }

    /// <summary>[D], or null (CLIP).</summary>
    public Tensor? PatchBias { get; init; }

    /// <summary>[1, R, D], or null.</summary>
    public Tensor? Registers { get; init; }

    /// <summary>Norm before the first block, or null (all but CLIP).</summary>
    public NormLayer? Norm { get; init; }

    public override int LeadingTokens => 1 + (int)(Registers?.size(1) ?? 0);

    public override Tensor Apply(BackboneBatch batch)
    {
        using var scope = NewDisposeScope();
        Tensor x = Tokens(batch);
        return (Norm is null ? x : Norm.Apply(x)).MoveToOuterDisposeScope();
    }

    /// <summary>The tokens before <see cref="Norm"/>.</summary>
    public Tensor Tokens(BackboneBatch batch)
    {
        using var scope = NewDisposeScope();
        Tensor pixels = Checked(batch);
        long count = pixels.size(0);
        Tensor grid = nn.functional.conv2d(pixels, PatchWeight, PatchBias, [PatchSize, PatchSize]); // [B, D, h, w]
        Tensor patches = grid.flatten(2).transpose(1, 2); // [B, hw, D]
        Tensor first = ClassToken.view(1, 1, -1).expand(count, -1, -1);
        Tensor x = cat([first, patches], 1).add(PositionsFor((int)grid.size(2), (int)grid.size(3)));
        if (Registers is not null)
        {
            Tensor rest = x.narrow(1, 1, x.size(1) - 1);
            x = cat([x.narrow(1, 0, 1), Registers.expand(count, -1, -1), rest], 1);
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Positions [1, 1 + height·width, D] for a grid of patches.</summary>
    public Tensor PositionsFor(int height, int width)
    {
        using var scope = NewDisposeScope();
        Tensor table = Positions.view(-1, PatchWeight.size(0)); // [1 + GridSide², D]
        if (height == GridSide && width == GridSide) return table.unsqueeze(0).MoveToOuterDisposeScope();
        Tensor moved = MapFor(height, width).mm(table.narrow(0, 1, (long)GridSide * GridSide));
        return cat([table.narrow(0, 0, 1), moved], 0).unsqueeze(0).MoveToOuterDisposeScope();
    }

    private Tensor MapFor(int height, int width)
    {
        PositionMap? known = _map;
        if (known is null || known.Height != height || known.Width != width)
        {
            float[] matrix = PositionInterpolation.Matrix(GridSide, height, width, Rule);
            _map = known = new PositionMap(height, width, matrix);
        }

        return TensorData.From(known.Matrix, [(long)height * width, (long)GridSide * GridSide], Positions.device);
    }

    private Tensor Checked(BackboneBatch batch)
    {
        Tensor pixels = batch.Pixels
            ?? throw new ArgumentException("The backbone must be given images. Got texts.", nameof(batch));
        long[] s = pixels.shape;
        bool fits = s.Length == 4 && s[1] == PatchWeight.size(1) && s[2] > 0 && s[3] > 0
            && s[2] % PatchSize == 0 && s[3] % PatchSize == 0;
        return fits ? pixels : throw new ArgumentException(
            $"Images must be [n, {PatchWeight.size(1)}, height, width] with sides that are multiples of the patch size "
            + $"{PatchSize}. Got [{string.Join(", ", s)}].", nameof(batch));
    }

    private sealed record PositionMap(int Height, int Width, float[] Matrix);
}
