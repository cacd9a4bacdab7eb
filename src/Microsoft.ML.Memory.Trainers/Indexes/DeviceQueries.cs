// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.Memory;

/// <summary>A batch of queries on the device, with their bounds; belongs to the caller's dispose scope.</summary>
internal sealed class DeviceQueries
{
    private const float MostSlack = 1e37f;

    private readonly DeviceBound[] _bounds;
    private readonly torch.Device _device;

    /// <summary>Puts queries onto the device.</summary>
    /// <param name="settings">Where and how to multiply.</param>
    /// <param name="queries">[n, d], finite and trusted.</param>
    /// <param name="squaredNorms">[n], none 0 under the cosine.</param>
    /// <param name="multipliesHalves">Whether halves are multiplied as they are.</param>
    public DeviceQueries(
        DeviceSettings settings,
        ReadOnlySpan<float> queries,
        ReadOnlySpan<double> squaredNorms,
        bool multipliesHalves)
    {
        int d = settings.Dimension;
        _device = settings.Device;
        Count = squaredNorms.Length;
        MultipliesHalves = multipliesHalves;
        var lost = new double[Count];
        if (multipliesHalves)
        {
            Values = Halves(queries, squaredNorms, d, lost, out float[] norms).to(_device);
            Norms = torch.tensor(norms, [Count, 1], device: _device);
        }
        else Values = torch.tensor(queries.ToArray(), [Count, d], device: _device);

        _bounds = new DeviceBound[Count];
        for (int i = 0; i < Count; i++)
        {
            double precision = settings.Precision(multipliesHalves, lost[i]);
            _bounds[i] = new DeviceBound(settings.Metric, d, squaredNorms[i], precision);
        }
    }

    public int Count { get; }

    /// <summary>The queries [n, d]; their unit vectors as halves where halves are multiplied.</summary>
    public torch.Tensor Values { get; }

    /// <summary>Norms [n, 1] where halves are multiplied, else null.</summary>
    public torch.Tensor? Norms { get; }

    public bool MultipliesHalves { get; }

    public DeviceBound BoundOf(int query) => _bounds[query];

    /// <summary>Gives what each query's scores of some rows can fall short of the truth by, [n, 1].</summary>
    public torch.Tensor Slacks(RowSlack rows)
    {
        float[] slacks = [.. _bounds.Select(bound => bound.Slack(rows))];
        return torch.tensor(slacks, [Count, 1], device: _device);
    }

    /// <summary>Says whether no slack of some rows is so large that a sum with it overflows.</summary>
    public bool CanSlacken(RowSlack rows) => Array.TrueForAll(_bounds, bound => bound.Slack(rows) < MostSlack);

    /// <summary>Adds to the scores of rows [n, count] what each can fall short of the truth by.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="parts">What the bound has of each row, [count, 3].</param>
    public void Slacken(torch.Tensor scores, torch.Tensor parts)
    {
        var factors = new float[Count * DeviceBound.Parts];
        var constants = new float[Count];
        for (int i = 0; i < Count; i++)
            constants[i] = _bounds[i].WriteFactors(factors.AsSpan(i * DeviceBound.Parts));
        scores.addmm_(torch.tensor(factors, [Count, DeviceBound.Parts], device: _device), parts.t());
        scores.add_(torch.tensor(constants, [Count, 1], device: _device));
    }

    private static torch.Tensor Halves(
        ReadOnlySpan<float> queries, ReadOnlySpan<double> squaredNorms, int d, double[] lost, out float[] norms)
    {
        torch.Tensor halves = torch.empty(squaredNorms.Length, d, torch.float16);
        Span<Half> values = MemoryMarshal.Cast<byte, Half>(halves.bytes);
        var unit = new float[d];
        var rounded = new float[d];
        norms = new float[squaredNorms.Length];
        for (int i = 0; i < norms.Length; i++)
        {
            norms[i] = (float)Math.Sqrt(squaredNorms[i]);
            Span<Half> row = values.Slice(i * d, d);
            row.Clear();
            if (norms[i] == 0) continue;
            TensorPrimitives.Divide(queries.Slice(i * d, d), norms[i], unit);
            TensorPrimitives.ConvertToHalf(unit, row);
            TensorPrimitives.ConvertToSingle(row, rounded);
            lost[i] = TensorPrimitives.Distance(unit, rounded) * (1 + (d * 1e-6)); // summed in single precision
        }

        return halves;
    }
}
