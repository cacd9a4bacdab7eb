// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Base of transformers that make each output column from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(
        IHost host, params (string outputColumnName, string inputColumnName)[] columns)
        : base(host) => ColumnPairs = columns;

    private protected OneToOneTransformerBase(IHost host, ModelLoadContext ctx)
        : base(host)
    {
        int count = ctx.Reader.ReadInt32();
        if (count < 1)
            throw host.ExceptDecode("Corrupt model file");
        ColumnPairs = new (string, string)[count];
        for (int i = 0; i < count; i++)
        {
            string output = ctx.LoadNonEmptyString();
            ColumnPairs[i] = (output, ctx.LoadNonEmptyString());
        }
    }

    private protected (string outputColumnName, string inputColumnName)[] ColumnPairs { get; }

    private protected void SaveColumns(ModelSaveContext ctx)
    {
        ctx.Writer.Write(ColumnPairs.Length);
        foreach ((string output, string input) in ColumnPairs)
        {
            ctx.SaveNonEmptyString(output);
            ctx.SaveNonEmptyString(input);
        }
    }

    /// <summary>Throws where the input column is of a type that cannot be mapped.</summary>
    private protected virtual void CheckInputColumn(DataViewSchema inputSchema, int pair, DataViewSchema.Column source)
    {
    }

    private protected sealed override RowMapper MakeRowMapper(DataViewSchema schema)
    {
        DataViewSchema.Column[] sources = new DataViewSchema.Column[ColumnPairs.Length];
        for (int i = 0; i < sources.Length; i++)
        {
            sources[i] = schema.GetColumnOrNull(ColumnPairs[i].inputColumnName)
                ?? throw Host.ExceptMissingColumn("input", ColumnPairs[i].inputColumnName);
            CheckInputColumn(schema, i, sources[i]);
        }
        return MakeOneToOneMapper(schema, sources);
    }

    private protected abstract OneToOneMapper MakeOneToOneMapper(
        DataViewSchema schema, DataViewSchema.Column[] sources);

    /// <summary>A mapper of pairs: output column i comes from source column i alone.</summary>
    private protected abstract class OneToOneMapper : RowMapper
    {
        protected OneToOneMapper(DataViewSchema.Column[] sources) => Sources = sources;

        protected DataViewSchema.Column[] Sources { get; }

        public sealed override IEnumerable<int> GetDependencies(Func<int, bool> isOutputActive) =>
            Enumerable.Range(0, Sources.Length).Where(isOutputActive).Select(i => Sources[i].Index);

        public sealed override Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isOutputActive)
        {
            Delegate[] getters = new Delegate[Sources.Length];
            for (int i = 0; i < getters.Length; i++)
                getters[i] = isOutputActive(i) ? MakeGetter(input, i) : null;
            return getters;
        }

        /// <summary>The getter of one output column over a row.</summary>
        protected abstract Delegate MakeGetter(DataViewRow input, int pair);
    }
}
