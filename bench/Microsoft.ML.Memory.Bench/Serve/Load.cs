// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;

namespace Microsoft.ML.Memory.Bench;

/// <summary>What a load came to.</summary>
/// <param name="Seconds">How long each answered request took, ascending.</param>
/// <param name="FailedCount">Requests that got another status than 200, or no answer.</param>
/// <param name="Duration">How long the load took.</param>
internal sealed record Load(double[] Seconds, int FailedCount, TimeSpan Duration)
{
    public double Rate => Seconds.Length / Duration.TotalSeconds;

    /// <summary>Asks again and again, each connection as soon as it is answered.</summary>
    public static async Task<Load> RunAsync(
        ServeProcess server, IReadOnlyList<byte[]> requests, int connections, TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        (List<double> Seconds, int Failed)[] parts = await Task.WhenAll(Enumerable.Range(0, connections).Select(
            connection => Task.Run(() => AskAsync(server, requests, connection, start, duration))));
        return Of(parts, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Asks at a steady rate, whether answered or not.</summary>
    /// <param name="server">The server.</param>
    /// <param name="request">Makes the request of a number.</param>
    /// <param name="perSecond">Requests begun each second.</param>
    /// <param name="duration">How long.</param>
    public static async Task<Load> PaceAsync(
        ServeProcess server, Func<int, byte[]> request, int perSecond, TimeSpan duration)
    {
        const int Connections = 32;
        int next = 0, count = (int)(perSecond * duration.TotalSeconds);
        long start = Stopwatch.GetTimestamp();
        (List<double> Seconds, int Failed)[] parts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(
            _ => Task.Run(async () =>
            {
                (List<double> Seconds, int Failed) part = ([], 0);
                using var connection = new LoadConnection(server.Address);
                await connection.ConnectAsync();
                while (Interlocked.Increment(ref next) is var number && number <= count)
                {
                    TimeSpan due = TimeSpan.FromSeconds((number - 1.0) / perSecond);
                    TimeSpan wait = due - Stopwatch.GetElapsedTime(start);
                    if (wait > TimeSpan.Zero) await Task.Delay(wait);
                    if (await connection.SendAsync(request(number)) != 200) part.Failed++;
                    else part.Seconds.Add((Stopwatch.GetElapsedTime(start) - due).TotalSeconds);
                }

                return part;
            })));
        return Of(parts, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Gives the time that a share of the requests stayed below, in milliseconds.</summary>
    public double Percentile(double share)
        => Seconds.Length == 0 ? double.NaN : Seconds[(int)Math.Min(Seconds.Length - 1, share * Seconds.Length)] * 1e3;

    private static Load Of((List<double> Seconds, int Failed)[] parts, TimeSpan duration) => new(
        [.. parts.SelectMany(part => part.Seconds).Order()], parts.Sum(part => part.Failed), duration);

    private static async Task<(List<double> Seconds, int Failed)> AskAsync(
        ServeProcess server, IReadOnlyList<byte[]> requests, int connection, long start, TimeSpan duration)
    {
        var seconds = new List<double>();
        int failed = 0;
        using var socket = new LoadConnection(server.Address);
        await socket.ConnectAsync();
        for (int turn = connection; Stopwatch.GetElapsedTime(start) < duration; turn += 17)
        {
            long begun = Stopwatch.GetTimestamp();
            if (await socket.SendAsync(requests[turn % requests.Count]) != 200) failed++;
            else seconds.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }

        return (seconds, failed);
    }
}
