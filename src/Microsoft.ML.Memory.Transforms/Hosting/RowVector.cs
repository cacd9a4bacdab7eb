// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Hosting;

/// <summary>Makes getters of dense vectors out of rows that lie in a block's own arrays.</summary>
internal static class RowVector
{
    /// <summary>Gives the values of one row; they are copied before the block moves on.</summary>
    public delegate ReadOnlySpan<T> Values<T>(int row);

    public static ValueGetter<VBuffer<T>> Getter<T>(Func<int> slot, Values<T> values) => (ref VBuffer<T> value) =>
    {
        ReadOnlySpan<T> row = values(slot());
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, row.Length);
        row.CopyTo(editor.Values);
        value = editor.Commit();
    };
}
