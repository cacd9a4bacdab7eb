// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Computes columns by the user's own function.</summary>
public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(
        IHostEnvironment environment,
        Action<TSrc, TDst> mapAction,
        string contractName,
        SchemaDefinition inputDefinition,
        SchemaDefinition outputDefinition)
        : base(
            environment.Register("CustomMappingEstimator"),
            new CustomMappingTransformer<TSrc, TDst>(
                environment, mapAction, contractName, inputDefinition, outputDefinition))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Marked.NotNull(inputSchema, nameof(inputSchema));
        foreach (SchemaDefinition.Column member in Transformer.InputColumns)
        {
            SchemaShape.Column source = Shapes.Find(inputSchema, member.ColumnName);
            bool isVector = source.Kind != SchemaShape.Column.VectorKind.Scalar;
            if (isVector != member.ColumnType is VectorDataViewType
                || source.ItemType.RawType != PrimitiveTypes.ItemTypeOf(member.ColumnType).RawType)
                throw Marked.Mismatch(source.Name, member.ColumnType.ToString(), source.GetTypeString());
        }

        return inputSchema.With(SchemaShape.Create(Transformer.AddedSchema));
    }
}
