// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Turns a column into rows of numbers, and rows of numbers into what a backbone reads.</summary>
internal abstract class BackboneInput
{
    /// <summary>Numbers d that one example takes up.</summary>
    public abstract int RowLength { get; }

    /// <summary>Tokens that the longest example becomes.</summary>
    public abstract int TokenCount { get; }

    /// <summary>Type that the column must have, as messages show it.</summary>
    public abstract DataViewType ColumnType { get; }

    /// <summary>Finds the column in a schema.</summary>
    /// <exception cref="ArgumentException">It is missing or of another type.</exception>
    public abstract DataViewSchema.Column Find(DataViewSchema schema, string name);

    /// <summary>Checks the column of data that is not there yet.</summary>
    /// <exception cref="ArgumentException">It is missing or of another type.</exception>
    public abstract void Check(SchemaShape shape, string name);

    /// <summary>Makes the reader of rows [d].</summary>
    public abstract IRowReader CreateReader(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Makes a batch of rows; its tensors belong to the caller's dispose scope.</summary>
    /// <param name="rows">[n, d].</param>
    /// <param name="count">Number n of rows.</param>
    /// <param name="device">Where the backbone runs.</param>
    public abstract BackboneBatch ToBatch(ReadOnlySpan<float> rows, int count, Device device);

    /// <summary>Gives what texts are recognised by in a feature cache; nothing where rows are no texts.</summary>
    /// <param name="rows">[n, d].</param>
    /// <param name="count">Number n of rows.</param>
    public virtual TextKey[] TextsOf(ReadOnlySpan<float> rows, int count) => [];
}
