// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Which steps of a model the graph is made of.</summary>
/// <param name="Encoder">The encoder in front of the memory; null where there is none.</param>
/// <param name="Memory">The classifier or regression.</param>
/// <param name="ValueColumns">Columns behind the memory that hold the values of its classes.</param>
internal sealed record ChainPlan(
    IOnnxEncoder? Encoder, IOnnxExportable Memory, IReadOnlyList<ValueColumn> ValueColumns)
{
    /// <summary>Picks the steps of a model.</summary>
    /// <exception cref="InvalidOperationException">A step cannot be exported or left out.</exception>
    public static ChainPlan Of(ITransformer model, OnnxExportOptions options)
    {
        List<ITransformer> steps = [.. Flatten(model)];
        IOnnxExportable[] memories = [.. steps.OfType<IOnnxExportable>()];
        if (memories.Length != 1)
        {
            throw new InvalidOperationException(
                "The model must hold exactly one memory classifier or regression to be exported. "
                + $"Got {memories.Length}.");
        }

        IOnnxExportable memory = memories[0];
        IOnnxEncoder[] encoders =
        [
            .. steps.OfType<IOnnxEncoder>().Where(encoder => encoder.FeatureColumnName == memory.FeatureColumnName),
        ];
        IOnnxEncoder? encoder = encoders.LastOrDefault();
        ITransformer[] foreign = [.. steps.Where(step => step != memory && step != (ITransformer?)encoder)];
        if (foreign.Length == 0) return new ChainPlan(encoder, memory, []);
        if (options.InputSchema is not { } schema)
        {
            throw new InvalidOperationException(
                $"A step of the model must be a memory or its encoder to be exported without a schema. "
                + $"Got {foreign[0].GetType().Name}. Give OnnxExportOptions.InputSchema, which tells whether it is "
                + "needed.");
        }

        return new ChainPlan(encoder, memory, [.. ValueColumnsOf(steps, schema, encoder, memory, options)]);
    }

    /// <summary>
    /// Follows the columns through the steps, refuses foreign steps that the graph would need, and lists what becomes
    /// of the prediction.
    /// </summary>
    private static List<ValueColumn> ValueColumnsOf(
        List<ITransformer> steps,
        DataViewSchema schema,
        IOnnxEncoder? encoder,
        IOnnxExportable memory,
        OnnxExportOptions options)
    {
        var columns = new List<ValueColumn>();
        HashSet<string> needed = encoder is null ? [memory.FeatureColumnName] : [.. encoder.InputColumnNames];
        bool isBehind = false;
        foreach (ITransformer step in steps)
        {
            DataViewSchema next = step.GetOutputSchema(schema);
            if (step == encoder) needed = [memory.FeatureColumnName];
            else if (step == memory) isBehind = true;
            else
            {
                string[] made = [.. Made(schema, next)];
                if (isBehind) columns.AddRange(made.Select(name => ValueColumnOf(step, name, schema, options)));
                else if (made.FirstOrDefault(needed.Contains) is { } column) throw Needed(step, column);
            }

            schema = next;
        }

        // A column in its own place is what the graph gives anyway.
        columns.RemoveAll(column => column.Name == column.KeyName);
        return columns;
    }

    /// <summary>Refuses what is done to the prediction, the values of its classes excepted.</summary>
    private static ValueColumn ValueColumnOf(
        ITransformer step, string name, DataViewSchema schema, OnnxExportOptions options)
    {
        if (step is not KeyToValueMappingTransformer || KeyOf(step, name, schema) is not { } key)
        {
            throw new InvalidOperationException(
                "Every step behind the memory must map PredictedLabel or NeighborLabels to their values to be "
                + $"exported. Got {step.GetType().Name}, which makes column '{name}'. Export the model without it.");
        }

        return name != key || options.Labels == OnnxLabels.Values
            ? new ValueColumn(name, key)
            : throw new InvalidOperationException(
                $"OnnxExportOptions.Labels must be Values for a model that maps '{name}' to its values. "
                + $"Got {options.Labels}.");
    }

    /// <summary>Gives the column of classes that a column is made of; null where it is made of another.</summary>
    private static string? KeyOf(ITransformer step, string name, DataViewSchema schema)
    {
        IRowToRowMapper mapper = step.GetRowToRowMapper(schema);
        return mapper.GetDependencies([mapper.OutputSchema[name]]).ToArray()
            is [{ Name: ClassifierColumns.PredictedLabel or "NeighborLabels" } key] ? key.Name : null;
    }

    private static InvalidOperationException Needed(ITransformer step, string column)
        => new(
            "Every step that a prediction needs must be a memory or its encoder to be exported. "
            + $"Got {step.GetType().Name}, which makes column '{column}'. Export the model without it.");

    /// <summary>Lists the columns that a step adds or replaces: what is replaced stays, hidden.</summary>
    private static IEnumerable<string> Made(DataViewSchema before, DataViewSchema after)
        => after
            .Where(column => !column.IsHidden)
            .Where(column => after.Count(each => each.Name == column.Name)
                > before.Count(each => each.Name == column.Name)
                || !Equals(before.GetColumnOrNull(column.Name)?.Type, column.Type))
            .Select(column => column.Name);

    private static IEnumerable<ITransformer> Flatten(ITransformer model)
        => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
