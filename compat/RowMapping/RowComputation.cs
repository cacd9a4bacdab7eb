// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.RowMapping;

/// <summary>Computes the added columns of one row at a time; belongs to one thread at a time.</summary>
internal abstract class RowComputation : IDisposable
{
    /// <summary>Computes what a cursor of the host computes when it moves, and not when a value is read.</summary>
    public virtual void Compute()
    {
    }

    /// <summary>A getter of an added column for the row that the input then stands on.</summary>
    public abstract Delegate CreateGetter(int output);

    public abstract void Dispose();
}
