// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>A memory as it is at one moment.</summary>
/// <param name="Deployment">Whose it is.</param>
/// <param name="Sequence">All changes up to this one are in it.</param>
/// <param name="Model">The model with it.</param>
/// <param name="Face">The memory inside the model.</param>
/// <param name="Entries">Its entries.</param>
internal sealed record InspectedMemory(
    Deployment Deployment, long Sequence, ServedModel Model, MemoryFace Face, BankSnapshot Entries)
{
    /// <summary>Name of each class, which labels are indices of.</summary>
    public IReadOnlyList<string> ClassNames { get; } = Face.ClassNames;

    /// <summary>Takes the memory of a deployment as it is now.</summary>
    /// <exception cref="RequestProblem">The model has no memory that can be looked into.</exception>
    public static InspectedMemory Of(Deployment deployment)
    {
        // The number first: a change between the two lines is one that the client learns of and asks for again.
        long sequence = deployment.Store.Sequence;
        ServedModel model = deployment.Store.Current;
        if (model.Memory is not { Entries: { } entries } face)
        {
            throw new RequestProblem(
                StatusCodes.Status409Conflict,
                "The model must hold one visual or adaptive memory to be inspected. It does not.");
        }

        if (face.Visual is { Options.ClassMap: not null })
        {
            throw new RequestProblem(
                StatusCodes.Status409Conflict,
                "The entries must vote for their own classes to be inspected. They vote for others by a map.");
        }

        return new InspectedMemory(deployment, sequence, model, face, entries);
    }

    /// <summary>Finds the entry that a request names.</summary>
    /// <exception cref="RequestProblem">It is not stored.</exception>
    public Entry Find(HttpContext context)
        => Entries.TryFind(EntryPath.IdOf(context), out int position)
            ? Entries.EntryAt(position)
            : throw EntryPath.NotStored();

    /// <summary>Gives the vector of an entry.</summary>
    public float[] VectorOf(Entry entry)
    {
        float[] vector = new float[Entries.Dimension];
        Entries.CopyKey(entry.Position, vector);
        return vector;
    }
}
