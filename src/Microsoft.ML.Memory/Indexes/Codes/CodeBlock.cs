// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The codes of a run of stored rows: values [Count, padded d], and what is known of each row.</summary>
internal readonly unsafe struct CodeBlock(sbyte* values, RowCode* rows)
{
    public readonly sbyte* Values = values;
    public readonly RowCode* Rows = rows;
}
