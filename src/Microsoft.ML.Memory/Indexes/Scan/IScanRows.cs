// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a scan reads of the rows, and the numbers that it keeps beside each row of a run.</summary>
internal unsafe interface IScanRows
{
    /// <summary>Bytes from one row to the next.</summary>
    static abstract int BytesOf(int dimension);

    /// <summary>Gives a block's first row.</summary>
    static abstract byte* Of(ScanBlock* block);

    /// <summary>Makes room for the numbers of as many rows.</summary>
    void Reserve(NativeScratch scratch, in ScanRequest scan, int rowCount);

    /// <summary>
    /// Works out the numbers of some rows of a block that follow each other, which are to stand from a place of the run
    /// on.
    /// </summary>
    void Describe(ScanBlock* block, int row, int count, int place);
}
