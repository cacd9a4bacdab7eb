// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.RowMapping;

/// <summary>One column computed of another.</summary>
/// <param name="schema">The input's.</param>
/// <param name="output">The added column.</param>
/// <param name="source">The column that it is computed of.</param>
/// <param name="createGetter">Makes a getter of the added column for a row.</param>
internal sealed class OneColumnMapping(
    DataViewSchema schema,
    DataViewSchema.DetachedColumn output,
    DataViewSchema.Column source,
    Func<DataViewRow, Delegate> createGetter) : ColumnMapping(schema, [output], [source])
{
    public override RowComputation Start(DataViewRow input, bool[] isActive) => new Computation(createGetter(input));

    private sealed class Computation(Delegate getter) : RowComputation
    {
        public override Delegate CreateGetter(int output) => getter;

        public override void Dispose()
        {
        }
    }
}
