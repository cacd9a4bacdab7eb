// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The entries of an index at one moment, on the host and on the device; holds its views.</summary>
internal sealed class DeviceState(BankSnapshot snapshot, DeviceView[] views) : Shared
{
    public BankSnapshot Snapshot => snapshot;

    /// <summary>The views, each with the position of its first row in the snapshot.</summary>
    public IReadOnlyList<DeviceView> Views => views;

    protected override void Free()
    {
        foreach (DeviceView view in views) view.Release();
    }
}
