// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>The content of a saved regression: options, then what its lookup stores.</summary>
internal static class NearestNeighborsRegressionFile
{
    public static void Write(Stream stream, NearestNeighborsRegressionTransformer transformer)
    {
        var writer = new SectionWriter(stream);
        writer.Write("regression", fields => WriteOptions(fields, transformer.Options));
        NearestNeighborsFile.WriteRows(writer, transformer.Lookup);
        writer.End();
    }

    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static NearestNeighborsRegressionTransformer Read(Stream stream, IHostEnvironment environment)
    {
        var reader = new SectionReader(stream);
        NearestNeighborsRegressionOptions options = reader.Read("regression", ReadOptions);
        NearestNeighborsTransformer lookup = NearestNeighborsFile.ReadRows(
            reader, options.Lookup, NearestNeighborsRegressionTransformer.EmptyColumns(options), environment);
        var transformer = new NearestNeighborsRegressionTransformer(environment, options, lookup);
        for (int slot = 0; slot < lookup.Count; slot++)
        {
            float label = transformer.Labels.ScalarAt(slot), weight = transformer.ExampleWeights?.ScalarAt(slot) ?? 1;
            if (!float.IsFinite(label)) throw reader.Error("must follow labels that are finite", Check.Shown(label));
            if (!(weight >= 0 && float.IsFinite(weight)))
                throw reader.Error("must follow weights that are finite and at least 0", Check.Shown(weight));
        }

        reader.EndFile();
        return transformer;
    }

    private static void WriteOptions(BinaryWriter fields, NearestNeighborsRegressionOptions options)
    {
        fields.Write(options.LabelColumnName);
        fields.Write(options.FeatureColumnName);
        OptionalName.Write(fields, options.IdColumnName);
        OptionalName.Write(fields, options.ExampleWeightColumnName);
        fields.Write(options.NeighborCount ?? 0);
        fields.Write((int)options.Metric);
        fields.Write((int)options.Weighting);
        fields.Write(options.LargestDistance is not null);
        if (options.LargestDistance is { } distance) fields.Write(distance);
        fields.Write((int)options.NeighborColumns);
        IndexOptionsFormat.Write(fields, options.Index);
        EncoderMark.Write(fields, options.EncoderFingerprint);
    }

    private static NearestNeighborsRegressionOptions ReadOptions(BinaryReader fields)
    {
        var options = new NearestNeighborsRegressionOptions
        {
            LabelColumnName = fields.ReadString(),
            FeatureColumnName = fields.ReadString(),
            IdColumnName = OptionalName.Read(fields),
            ExampleWeightColumnName = OptionalName.Read(fields),
            NeighborCount = fields.ReadInt32() is var neighbors and not 0 ? neighbors : null,
            Metric = (Metric)fields.ReadInt32(),
            Weighting = (NeighborWeighting)fields.ReadInt32(),
            LargestDistance = fields.ReadBoolean() ? fields.ReadSingle() : null,
            NeighborColumns = (NeighborColumns)fields.ReadInt32(),
            Index = IndexOptionsFormat.Read(fields),
            EncoderFingerprint = EncoderMark.Read(fields),
        };
        options.Validate();
        return options;
    }
}
