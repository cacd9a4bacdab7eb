// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Queries of one pass, packed for a kernel in panels of W; the last panel is filled up with zeros.</summary>
internal readonly unsafe struct QueryPanels(float* packed, int width, bool isInterleaved, int dimension)
{
    /// <summary>Gives the first value of a panel.</summary>
    public float* Panel(int panel) => packed + (nint)panel * width * dimension;

    /// <summary>Packs a query times a factor, or zeros where it is null.</summary>
    public void Pack(int query, float* values, float factor)
    {
        int column = query % width;
        float* target = Panel(query / width) + (isInterleaved ? column : (nint)column * dimension);
        nint step = isInterleaved ? width : 1;
        if (values == null)
        {
            for (int i = 0; i < dimension; i++, target += step) *target = 0;
        }
        else
        {
            for (int i = 0; i < dimension; i++, target += step) *target = values[i] * factor;
        }
    }
}
