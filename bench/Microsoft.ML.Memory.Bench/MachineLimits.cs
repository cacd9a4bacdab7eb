// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Measures limits of this machine: multiply-adds from registers alone, and reading of memory.</summary>
internal static unsafe class MachineLimits
{
    private const int Chains = 12;

    /// <summary>Floating-point operations of one call of <see cref="MultiplyAdd"/>.</summary>
    public static double Operations(ScanWidth width, long steps, int threads) =>
        2.0 * Chains * ((int)width / 32) * steps * threads;

    /// <summary>Runs independent chains of multiply-adds on each of some threads.</summary>
    public static void MultiplyAdd(ScanWidth width, long steps, int threads) => OnThreads(threads, _ =>
    {
        float sum = width switch
        {
            ScanWidth.Bits512 => Chains512(steps),
            ScanWidth.Bits256 => Chains256(steps),
            _ => Chains128(steps),
        };
        GC.KeepAlive(sum);
    });

    /// <summary>Reads memory once, each thread its part.</summary>
    public static void Read(float* values, long count, int threads) => OnThreads(threads, thread =>
    {
        long share = count / threads;
        GC.KeepAlive(Sum(values + (thread * share), share));
    });

    private static void OnThreads(int count, Action<int> work)
    {
        var threads = new Thread[count - 1];
        for (int i = 0; i < threads.Length; i++)
        {
            int thread = i + 1;
            threads[i] = new Thread(() => work(thread));
            threads[i].Start();
        }

        work(0);
        foreach (Thread thread in threads) thread.Join();
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Sum(float* values, long count)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        for (float* end = values + count - 32; values <= end; values += 32)
        {
            a += Vector256.Load(values);
            b += Vector256.Load(values + 8);
            c += Vector256.Load(values + 16);
            d += Vector256.Load(values + 24);
        }

        return Vector256.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Chains512(long steps)
    {
        Vector512<float> x = Vector512.Create(0.9999f), y = Vector512.Create(1e-4f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (long step = 0; step < steps; step++)
        {
            a = Vector512.MultiplyAddEstimate(a, x, y); b = Vector512.MultiplyAddEstimate(b, x, y);
            c = Vector512.MultiplyAddEstimate(c, x, y); d = Vector512.MultiplyAddEstimate(d, x, y);
            e = Vector512.MultiplyAddEstimate(e, x, y); f = Vector512.MultiplyAddEstimate(f, x, y);
            g = Vector512.MultiplyAddEstimate(g, x, y); h = Vector512.MultiplyAddEstimate(h, x, y);
            i = Vector512.MultiplyAddEstimate(i, x, y); j = Vector512.MultiplyAddEstimate(j, x, y);
            k = Vector512.MultiplyAddEstimate(k, x, y); l = Vector512.MultiplyAddEstimate(l, x, y);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Chains256(long steps)
    {
        Vector256<float> x = Vector256.Create(0.9999f), y = Vector256.Create(1e-4f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (long step = 0; step < steps; step++)
        {
            a = Vector256.MultiplyAddEstimate(a, x, y); b = Vector256.MultiplyAddEstimate(b, x, y);
            c = Vector256.MultiplyAddEstimate(c, x, y); d = Vector256.MultiplyAddEstimate(d, x, y);
            e = Vector256.MultiplyAddEstimate(e, x, y); f = Vector256.MultiplyAddEstimate(f, x, y);
            g = Vector256.MultiplyAddEstimate(g, x, y); h = Vector256.MultiplyAddEstimate(h, x, y);
            i = Vector256.MultiplyAddEstimate(i, x, y); j = Vector256.MultiplyAddEstimate(j, x, y);
            k = Vector256.MultiplyAddEstimate(k, x, y); l = Vector256.MultiplyAddEstimate(l, x, y);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Chains128(long steps)
    {
        Vector128<float> x = Vector128.Create(0.9999f), y = Vector128.Create(1e-4f);
        Vector128<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (long step = 0; step < steps; step++)
        {
            a = Vector128.MultiplyAddEstimate(a, x, y); b = Vector128.MultiplyAddEstimate(b, x, y);
            c = Vector128.MultiplyAddEstimate(c, x, y); d = Vector128.MultiplyAddEstimate(d, x, y);
            e = Vector128.MultiplyAddEstimate(e, x, y); f = Vector128.MultiplyAddEstimate(f, x, y);
            g = Vector128.MultiplyAddEstimate(g, x, y); h = Vector128.MultiplyAddEstimate(h, x, y);
            i = Vector128.MultiplyAddEstimate(i, x, y); j = Vector128.MultiplyAddEstimate(j, x, y);
            k = Vector128.MultiplyAddEstimate(k, x, y); l = Vector128.MultiplyAddEstimate(l, x, y);
        }

        return Vector128.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
