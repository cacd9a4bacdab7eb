// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Brings a change of a bank to the device.</summary>
internal static class DeviceUpdate
{
    /// <summary>Gives the state of a snapshot; what did not change is shared with the state before.</summary>
    /// <exception cref="InvalidOperationException">The device refuses, such as when its memory is full.</exception>
    public static DeviceState Of(
        DeviceSettings settings, RowEncoder encoder, DeviceState before, BankSnapshot snapshot)
    {
        var views = new List<DeviceView>();
        try
        {
            foreach (SegmentView view in snapshot.Views) views.Add(ViewOf(settings, encoder, before, view));
            return new DeviceState(snapshot, [.. views]);
        }
        catch (Exception e)
        {
            foreach (DeviceView view in views) view.Release();
            if (e is not ExternalException) throw;
            throw new InvalidOperationException(
                $"The device {settings.Device} must take what the index holds, {snapshot.Count} vectors. "
                + $"Got: {e.Message.Split('\n')[0]} Nothing was changed. Hold fewer vectors or a smaller encoding.", e);
        }
    }

    private static DeviceView ViewOf(
        DeviceSettings settings, RowEncoder encoder, DeviceState before, SegmentView view)
    {
        DeviceView? known = before.Views.FirstOrDefault(each => ReferenceEquals(each.View.Segment, view.Segment));
        if (known is not null && known.View == view && known.TryHold()) return known;
        if (known is not null)
        {
            known.Rows.Fill(view.Count, encoder);
            return new DeviceView(known.Rows, view, settings.Device);
        }

        var rows = new DeviceRows(view.Segment, settings.Dimension, settings.Encoding, settings.Device);
        try
        {
            rows.Fill(view.Count, encoder);
            return new DeviceView(rows, view, settings.Device);
        }
        finally
        {
            rows.Release(); // the view holds them
        }
    }
}
