// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Applies a model to one object at a time; not for use by several threads at once.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly ITransformer _transformer;

    private protected PredictionEngineBase(
        IHostEnvironment environment,
        ITransformer transformer,
        bool ignoreMissingColumns,
        SchemaDefinition inputDefinition,
        SchemaDefinition outputDefinition)
    {
        environment.CheckValue(transformer, nameof(transformer));
        if (!transformer.IsRowToRowMapper)
            throw environment.ExceptParam(nameof(transformer), "Must be a row to row mapper");
        _transformer = transformer;
        Input = new ObjectRow<TSrc>(RowBinding.ForReading(typeof(TSrc), inputDefinition));
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(Input.Schema);
        OutputSchema = mapper.OutputSchema;
        RowWriter<TDst> writer = new(environment, OutputSchema, ignoreMissingColumns, outputDefinition);
        Fill = writer.Bind(mapper.GetRow(Input, writer.Columns));
    }

    public DataViewSchema OutputSchema { get; }

    private protected ObjectRow<TSrc> Input { get; }

    private protected Action<TDst> Fill { get; }

    public TDst Predict(TSrc example)
    {
        TDst prediction = new();
        Predict(example, ref prediction);
        return prediction;
    }

    public abstract void Predict(TSrc example, ref TDst prediction);

    public void Dispose() => (_transformer as IDisposable)?.Dispose();
}

/// <summary>The prediction engine that <see cref="ModelOperationsCatalog"/> makes.</summary>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst>
    where TSrc : class
    where TDst : class, new()
{
    internal PredictionEngine(
        IHostEnvironment environment,
        ITransformer transformer,
        bool ignoreMissingColumns,
        SchemaDefinition inputDefinition,
        SchemaDefinition outputDefinition)
        : base(environment, transformer, ignoreMissingColumns, inputDefinition, outputDefinition)
    {
    }

    public override void Predict(TSrc example, ref TDst prediction)
    {
        HostErrors.CheckValue(null, example, nameof(example));
        Input.Set(example);
        prediction ??= new TDst();
        Fill(prediction);
    }
}
