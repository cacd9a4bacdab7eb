// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>A model as it answers requests: its pipeline, its input and its classes.</summary>
/// <remarks>Immutable but for its pool of engines, so safe for concurrent use.</remarks>
internal sealed class ServedModel
{
    public const string LabelColumnName = "PredictedLabel";
    public const string ScoreColumnName = "Score";

    private readonly EnginePool? _engines;

    /// <param name="pipeline">The fitted pipeline.</param>
    /// <param name="schema">The schema of its input.</param>
    /// <exception cref="InvalidDataException">The pipeline does not predict classes, or not from this input.
    /// </exception>
    public ServedModel(ITransformer pipeline, DataViewSchema schema)
        : this(pipeline, InputOf(pipeline, schema))
    {
        if (Input.Needed.Count == 0)
            throw new InvalidDataException("The model must predict from at least one column. Got none.");
    }

    private ServedModel(ITransformer pipeline, InputSchema input)
    {
        Pipeline = pipeline;
        Input = input;
        Memory = MemoryFace.Find(pipeline);
        ClassNames = Memory?.ClassNames ?? ClassNaming.Of(pipeline.GetOutputSchema(input.Schema));
        if (Memory?.Adaptive is null && pipeline.IsRowToRowMapper) _engines = new EnginePool(this);
    }

    public ITransformer Pipeline { get; }

    public InputSchema Input { get; }

    /// <summary>The memory inside; null where the pipeline has none that can be explained or changed.</summary>
    public MemoryFace? Memory { get; }

    /// <summary>Name of each class, in the order of the scores.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Gives the same model with another state of its memory.</summary>
    public ServedModel With(ITransformer pipeline)
        => ReferenceEquals(pipeline, Pipeline) ? this : new ServedModel(pipeline, Input);

    /// <summary>Predicts rows, all by one search; a single row goes through a pooled engine.</summary>
    public Prediction[] Predict(IReadOnlyList<Row> rows)
    {
        if (rows.Count == 1 && _engines is not null) return [_engines.Predict(rows[0])];

        var view = new RowView(Input, rows);
        if (Memory is { Adaptive: not null } adaptive)
            return [.. adaptive.PredictAsItIs(view).Select(each => Prediction.Of(each, ClassNames))];
        IDataView answers = Pipeline.Transform(view);
        var predictions = new Prediction[rows.Count];
        using DataViewRowCursor cursor = answers.GetRowCursor(PredictionReader.ColumnsOf(answers.Schema));
        var reader = new PredictionReader(cursor, ClassNames);
        for (int row = 0; row < predictions.Length && cursor.MoveNext(); row++) predictions[row] = reader.Read();
        return predictions;
    }

    private static InputSchema InputOf(ITransformer pipeline, DataViewSchema schema)
    {
        DataViewSchema output;
        try
        {
            output = pipeline.GetOutputSchema(schema);
        }
        catch (Exception reason) when (reason is ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException("The model must fit the input schema that it was saved with.", reason);
        }

        if (output.GetColumnOrNull(ScoreColumnName)?.Type is not VectorDataViewType
            || output.GetColumnOrNull(LabelColumnName) is null)
        {
            throw new InvalidDataException(
                $"The model must be a classifier with columns '{LabelColumnName}' and '{ScoreColumnName}'. "
                + "Got one without them.");
        }

        if (!pipeline.IsRowToRowMapper)
            return new InputSchema(schema, schema.Where(column => !column.IsHidden).Select(column => column.Index));
        IRowToRowMapper mapper = pipeline.GetRowToRowMapper(schema);
        IEnumerable<DataViewSchema.Column> needed = mapper.GetDependencies(
            PredictionReader.ColumnsOf(mapper.OutputSchema));
        return new InputSchema(schema, needed.Select(column => column.Index).Distinct());
    }
}
