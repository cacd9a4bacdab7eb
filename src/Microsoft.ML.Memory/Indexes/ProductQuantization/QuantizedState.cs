// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a quantised index holds at one moment.</summary>
/// <param name="Quantizer">The codebooks; null before they are trained.</param>
/// <param name="Views">Blocks in the order of their positions.</param>
/// <param name="Count">Live rows.</param>
/// <param name="End">Positions lie below this; removed rows keep theirs.</param>
internal sealed record QuantizedState(ProductQuantizer? Quantizer, QuantizedBlockView[] Views, int Count, int End)
{
    /// <summary>Gives the view that holds a position, and the row there.</summary>
    public (int View, int Row) Locate(int position)
    {
        int low = 0;
        for (int high = Views.Length - 1; low < high;)
        {
            int middle = (low + high + 1) / 2;
            if (Views[middle].Block.Start <= position) low = middle;
            else high = middle - 1;
        }

        return (low, position - Views[low].Block.Start);
    }

    /// <summary>Describes the rows to a search; whoever searches keeps the state alive.</summary>
    public ScanBlock[] ToScan() => Array.ConvertAll(Views, view => view.ToScan());

    public long IdAt(int position)
    {
        (int view, int row) = Locate(position);
        return Views[view].Block.Ids[row];
    }
}
