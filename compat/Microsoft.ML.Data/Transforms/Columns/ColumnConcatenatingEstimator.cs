// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Kind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.Transforms;

/// <summary>Joins columns of one item type into a vector.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly string _name;
    private readonly string[] _sources;

    internal ColumnConcatenatingEstimator(
        IHostEnvironment environment, string outputColumnName, params string[] inputColumnNames)
    {
        _name = Marked.NotEmpty(outputColumnName, nameof(outputColumnName));
        if (Marked.NotNull(inputColumnNames, nameof(inputColumnNames)).Length == 0)
            throw Marked.Argument(nameof(inputColumnNames), "Input columns not specified");
        if (inputColumnNames.Any(string.IsNullOrEmpty))
            throw Marked.Argument(nameof(inputColumnNames), "inputColumnNames must hold no empty name");
        _environment = environment;
        _sources = [.. inputColumnNames];
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        Marked.NotNull(input, nameof(input));
        return new ColumnConcatenatingTransformer(_environment, _name, _sources);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Marked.NotNull(inputSchema, nameof(inputSchema));
        SchemaShape.Column[] sources = Array.ConvertAll(_sources, name => Shapes.Find(inputSchema, name));
        SchemaShape.Column first = sources[0];
        foreach (SchemaShape.Column source in sources)
        {
            if (!source.ItemType.Equals(first.ItemType) || source.IsKey != first.IsKey)
                throw Marked.Mismatch(source.Name, first.ItemType.ToString(), source.GetTypeString());
        }

        return inputSchema.With(MakeShape(sources));
    }

    private SchemaShape.Column MakeShape(SchemaShape.Column[] sources)
    {
        SchemaShape.Column first = sources[0];
        if (sources.Length == 1 && first.Kind != Kind.Scalar)
            return new SchemaShape.Column(_name, first.Kind, first.ItemType, first.IsKey, first.Annotations);

        var annotations = new List<SchemaShape.Column>();
        bool isVariable = sources.Any(source => source.Kind == Kind.VariableVector);
        if (sources.All(source => source.IsNormalized))
            annotations.Add(Shapes.IsNormalized);
        if (!isVariable && sources.Any(source => source.Kind == Kind.Scalar || source.HasSlotNames))
            annotations.Add(Shapes.SlotNames);
        foreach (SchemaShape.Column source in sources)
        {
            if (!isVariable && source.Annotations.TryFindColumn(
                AnnotationKinds.CategoricalSlotRanges, out SchemaShape.Column ranges))
            {
                annotations.Add(ranges);
                break;
            }
        }

        Kind kind = isVariable ? Kind.VariableVector : Kind.Vector;
        return Shapes.Make(_name, kind, first.ItemType, first.IsKey, [.. annotations]);
    }
}
