// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Watches how much memory of its own, not mapped from files, this process has.</summary>
internal sealed class ProcessMemory : IDisposable
{
    private const string Status = "/proc/self/status";

    private readonly Timer? _timer;
    private long _peak;

    public ProcessMemory()
    {
        if (File.Exists(Status)) _timer = new Timer(_ => Look(), null, 0, 20);
    }

    /// <summary>Largest number of bytes seen; 0 where the system does not say.</summary>
    public long Peak
    {
        get
        {
            if (_timer is not null) Look();
            return Volatile.Read(ref _peak);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        string line = File.ReadLines(Status).First(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
        string kibibytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        long bytes = 1024 * long.Parse(kibibytes, CultureInfo.InvariantCulture);
        long peak = Volatile.Read(ref _peak);
        while (bytes > peak) peak = Interlocked.CompareExchange(ref _peak, bytes, peak);
    }
}
