// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>The content of a saved session: what it belongs to, then the sections of its state.</summary>
internal static class AdaNpcSessionFile
{
    public static void Write(Stream stream, AdaNpcTransformer owner, AdaptiveState state)
    {
        var writer = new SectionWriter(stream);
        writer.Write("session", fields => fields.Write(owner.FeatureColumnName));
        writer.Write("classes", fields => ClassTableFormat.Write(fields, owner.Classes));
        AdaptiveStateFormat.Write(writer, state);
        writer.End();
    }

    /// <exception cref="InvalidDataException">
    /// The content breaks a rule or does not fit the owner; the message says which.
    /// </exception>
    public static AdaptiveState Read(Stream stream, AdaNpcTransformer owner)
    {
        var reader = new SectionReader(stream);
        string features = reader.Read("session", fields => fields.ReadString());
        ClassTable classes = reader.Read("classes", ClassTableFormat.Read);
        AdaptiveState state = AdaptiveStateFormat.Read(reader);
        reader.EndFile();
        if (features != owner.FeatureColumnName || state.Memory.Dimension != owner.Dimension)
        {
            throw new InvalidDataException(
                $"The session must have features '{owner.FeatureColumnName}' of {owner.Dimension} values, as the "
                + $"model. Got '{features}' of {state.Memory.Dimension}. Resume it with the model that started it.");
        }

        if (state.ClassCount != classes.Count || !IsSame(classes, owner.Classes))
        {
            throw new InvalidDataException(
                $"The session must have the classes {Names(owner.Classes)}, as the model. "
                + $"Got {Names(classes)}. Resume it with the model that started it.");
        }

        int capacity = owner.Options.CapacityFrom(owner.Model.Memory.Count, classes.Count);
        if (state.Memory.Count > capacity)
        {
            throw new InvalidDataException(
                $"The session must have at most {capacity} entries, the model's capacity. "
                + $"Got {state.Memory.Count}. Resume it with the model that started it.");
        }

        return state;
    }

    private static bool IsSame(ClassTable first, ClassTable second)
        => first.Count == second.Count
            && Equals(first.ValueType, second.ValueType)
            && (first.Values ?? []).SequenceEqual(second.Values ?? []);

    private static string Names(ClassTable classes)
    {
        const int Shown = 5;
        string names = string.Join(", ", Enumerable.Range(0, Math.Min(Shown, classes.Count)).Select(classes.NameOf));
        return classes.Count > Shown ? $"{names} ... ({classes.Count} in all)" : names;
    }
}
