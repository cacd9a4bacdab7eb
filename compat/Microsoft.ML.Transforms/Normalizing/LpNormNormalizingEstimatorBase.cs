// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Divides each vector by its own norm.</summary>
public abstract class LpNormNormalizingEstimatorBase : TrivialEstimator<LpNormNormalizingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;

    private protected LpNormNormalizingEstimatorBase(
        IHostEnvironment environment, InputOutputColumnPair[] pairs, NormFunction norm, bool ensureZeroMean)
        : base(
            environment.Register("LpNormNormalizingEstimator"),
            new LpNormNormalizingTransformer(
                environment, InputOutputColumnPair.CheckAll(pairs), CheckNorm(norm), ensureZeroMean))
    {
        _pairs = [.. pairs];
    }

    /// <summary>The norm that a vector has afterwards as 1.</summary>
    public enum NormFunction : byte
    {
        L2 = 0,
        StandardDeviation = 1,
        L1 = 2,
        Infinity = 3,
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shapes.Add(inputSchema, _pairs, MakeShape);

    private static NormFunction CheckNorm(NormFunction norm) => Enum.IsDefined(norm)
        ? norm
        : throw Marked.Argument(nameof(norm), $"norm must be one of the norm functions. Got {norm}");

    private static SchemaShape.Column MakeShape(SchemaShape inputSchema, InputOutputColumnPair pair)
    {
        SchemaShape.Column source = Shapes.Find(inputSchema, pair.InputColumnName);
        if (source.Kind != SchemaShape.Column.VectorKind.Vector || source.ItemType != NumberDataViewType.Single)
            throw Marked.Mismatch(
                source.Name, "Expected known-size vector of Single", source.GetTypeString());
        SchemaShape.Column[] annotations =
            source.HasSlotNames ? [Shapes.SlotNames, Shapes.IsNormalized] : [Shapes.IsNormalized];
        return Shapes.Make(pair.OutputColumnName, source.Kind, source.ItemType, false, annotations);
    }
}
