// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor that counts its own rows: before the start, after the end and when disposed it is at -1.</summary>
internal abstract class RootCursor : DataViewRowCursor
{
    public const string BadState = "Values cannot be fetched at this time. This method was called either before the " +
        "first call to MoveNext, or at any point after that method returned false.";

    private long _position = -1;
    private bool _done;

    /// <param name="channels">Where the cursor's channel, named Cursor, is opened.</param>
    protected RootCursor(IChannelProvider channels) => Channel = channels.Start("Cursor");

    public sealed override long Position => _position;

    public override long Batch => 0;

    protected IChannel Channel { get; }

    protected bool IsGood => _position >= 0;

    public sealed override bool MoveNext()
    {
        if (_done)
            return false;
        if (MoveNextCore())
        {
            _position++;
            return true;
        }
        Dispose();
        return false;
    }

    /// <summary>Moves to the next row, or says that there is none.</summary>
    protected abstract bool MoveNextCore();

    protected override void Dispose(bool disposing)
    {
        _done = true;
        _position = -1;
        Channel.Dispose();
        base.Dispose(disposing);
    }

    protected void CheckGood()
    {
        if (!IsGood)
            throw Channel.Except(BadState);
    }
}
