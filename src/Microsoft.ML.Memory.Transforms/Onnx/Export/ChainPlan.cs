// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Transforms;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Which steps of a model the graph is made of.</summary>
/// <param name="Encoder">The encoder in front of the classifier; null where there is none.</param>
/// <param name="Memory">The classifier.</param>
internal sealed record ChainPlan(IOnnxEncoder? Encoder, IOnnxExportable Memory)
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
                $"The model must hold exactly one memory classifier to be exported. Got {memories.Length}.");
        }

        IOnnxExportable memory = memories[0];
        IOnnxEncoder[] encoders =
        [
            .. steps.OfType<IOnnxEncoder>().Where(encoder => encoder.FeatureColumnName == memory.FeatureColumnName),
        ];
        IOnnxEncoder? encoder = encoders.LastOrDefault();
        ITransformer[] foreign = [.. steps.Where(step => step != memory && step != (ITransformer?)encoder)];
        if (foreign.Length == 0) return new ChainPlan(encoder, memory);
        if (options.InputSchema is not { } schema)
        {
            throw new InvalidOperationException(
                $"A step of the model must be a memory or its encoder to be exported without a schema. "
                + $"Got {foreign[0].GetType().Name}. Give OnnxExportOptions.InputSchema, which tells whether it is "
                + "needed.");
        }

        Check(steps, schema, encoder, memory, options);
        return new ChainPlan(encoder, memory);
    }

    /// <summary>Follows the columns through the steps and refuses foreign steps that the graph would need.</summary>
    private static void Check(
        List<ITransformer> steps,
        DataViewSchema schema,
        IOnnxEncoder? encoder,
        IOnnxExportable memory,
        OnnxExportOptions options)
    {
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
                if (isBehind) CheckBehind(step, made, options);
                else if (made.FirstOrDefault(needed.Contains) is { } column) throw Needed(step, column);
            }

            schema = next;
        }
    }

    /// <summary>Refuses what is done to the prediction, the values of its label excepted.</summary>
    private static void CheckBehind(ITransformer step, string[] made, OnnxExportOptions options)
    {
        bool isValues = step is KeyToValueMappingTransformer
            && made.All(name => name is ClassifierColumns.PredictedLabel or "NeighborLabels");
        if (made.Length == 0 || (isValues && options.Labels == OnnxLabels.Values)) return;
        if (!isValues) throw Needed(step, made[0]);
        throw new InvalidOperationException(
            $"OnnxExportOptions.Labels must be Values for a model that maps '{made[0]}' to its values. "
            + $"Got {options.Labels}.");
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
