// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Keeps some columns, in the order of their names, or drops some.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    private readonly string[] _names;
    private readonly bool _keeps;

    internal ColumnSelectingEstimator(IHostEnvironment environment, string[] columnNames, bool keeps, bool keepHidden)
        : base(
            environment.Register(nameof(ColumnSelectingEstimator)),
            new ColumnSelectingTransformer(Check(columnNames), keeps, keepHidden))
    {
        _names = [.. columnNames];
        _keeps = keeps;
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Marked.NotNull(inputSchema, nameof(inputSchema));
        SchemaShape.Column[] named = Array.ConvertAll(_names, name => Shapes.Find(inputSchema, name));
        return new SchemaShape(_keeps ? named : inputSchema.Where(column => !_names.Contains(column.Name)));
    }

    private static string[] Check(string[] columnNames)
    {
        if (Marked.NotNull(columnNames, nameof(columnNames)).Length == 0 || columnNames.Any(string.IsNullOrEmpty))
            throw Marked.Argument(nameof(columnNames), "columnNames must hold at least one name and no empty one");
        return [.. columnNames];
    }
}
