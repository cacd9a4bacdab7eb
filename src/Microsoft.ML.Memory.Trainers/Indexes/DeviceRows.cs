// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.Memory;

/// <summary>The rows of a bank's segment on the device: codes [capacity, d], scales and biases.</summary>
/// <remarks>
/// Written front to back by the one writer, like the segment. A reader that knows the first n rows may read them
/// meanwhile.
/// </remarks>
internal sealed class DeviceRows : Shared
{
    /// <summary>Rows of a stretch, for each of which it is known how far its codes are off.</summary>
    public const int Stretch = 4096;

    private const int MostBytes = 1 << 26; // brought over at once
    private const double Uneven = 4; // times the mean: what rows of normal values hardly come to

    private readonly VectorEncoding _encoding;
    private readonly int _dimension;
    private readonly RowSlack[] _slacks; // the most of a stretch
    private readonly RowSlack[] _sums;
    private readonly float[] _biases;
    private int _filled;

    public DeviceRows(EntrySegment segment, int dimension, VectorEncoding encoding, torch.Device device)
    {
        Segment = segment;
        _encoding = encoding;
        _dimension = dimension;
        _slacks = new RowSlack[(segment.Capacity + Stretch - 1) / Stretch];
        _sums = new RowSlack[_slacks.Length];
        _biases = new float[segment.Capacity];
        using DisposeScope scope = torch.NewDisposeScope();
        Codes = torch.empty(segment.Capacity, dimension, TypeOf(encoding), device).DetachFromDisposeScope();
        try
        {
            Biases = torch.empty(segment.Capacity, torch.float32, device).DetachFromDisposeScope();
            Slacks = torch.empty(segment.Capacity, DeviceBound.Parts, torch.float32, device).DetachFromDisposeScope();
            if (encoding != VectorEncoding.Single)
                Scales = torch.empty(segment.Capacity, torch.float32, device).DetachFromDisposeScope();
        }
        catch
        {
            Free();
            throw;
        }
    }

    public EntrySegment Segment { get; }

    public torch.Tensor Codes { get; }

    public torch.Tensor? Biases { get; }

    /// <summary>What the bound has of each row, [capacity, 3].</summary>
    public torch.Tensor? Slacks { get; }

    /// <summary>Null where the codes are the values.</summary>
    public torch.Tensor? Scales { get; }

    /// <summary>The biases on the host.</summary>
    public ReadOnlySpan<float> HostBiases => _biases;

    /// <summary>Takes in the segment's rows up to <paramref name="end"/>.</summary>
    public void Fill(int end, RowEncoder encoder)
    {
        int most = Math.Max(1, MostBytes / (_dimension * RowEncoder.BytesOf(_encoding)));
        while (_filled < end)
        {
            int count = Math.Min(most, Math.Min(end, (_filled / Stretch * Stretch) + Stretch) - _filled);
            FillStretch(_filled, count, encoder);
            _filled += count;
        }
    }

    /// <summary>Gives what is known of rows; a few more at both ends may be covered, too.</summary>
    /// <remarks>Numbers only grow, so a reader beside the writer sees what covers its own rows.</remarks>
    public RowSlack SlackOf(int first, int count)
    {
        var slack = default(RowSlack);
        for (int stretch = first / Stretch; stretch <= (first + count - 1) / Stretch; stretch++)
            slack = slack.Or(_slacks[stretch]);
        return slack;
    }

    /// <summary>Says whether a few rows would blur the scores of many that are shorter, or better told.</summary>
    public bool AreUneven(int first, int count)
    {
        RowSlack most = SlackOf(first, count), sum = default;
        int start = first / Stretch, end = (first + count - 1) / Stretch;
        for (int stretch = start; stretch <= end; stretch++) sum = sum.Plus(_sums[stretch]);
        int rows = Math.Min(_filled, (end + 1) * Stretch) - (start * Stretch);
        return most.Reach * rows > Uneven * sum.Reach || most.Error * rows > Uneven * sum.Error;
    }

    protected override void Free()
    {
        Codes.Dispose();
        Biases?.Dispose();
        Slacks?.Dispose();
        Scales?.Dispose();
    }

    private static torch.ScalarType TypeOf(VectorEncoding encoding) => encoding switch
    {
        VectorEncoding.Half => torch.float16,
        VectorEncoding.SignedByte => torch.int8,
        _ => torch.float32,
    };

    private void FillStretch(int first, int count, RowEncoder encoder)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor codes = torch.empty(count, _dimension, TypeOf(_encoding)); // on the host
        var scales = new float[count];
        var parts = new float[count * DeviceBound.Parts];
        (RowSlack most, RowSlack sum) = (_slacks[first / Stretch], _sums[first / Stretch]);
        Span<byte> bytes = codes.bytes;
        int width = _dimension * RowEncoder.BytesOf(_encoding);
        for (int i = 0; i < count; i++)
        {
            EncodedRow row = encoder.Encode(
                Segment.KeyOf(first + i), Segment.Terms[first + i], bytes.Slice(i * width, width));
            scales[i] = row.Scale;
            _biases[first + i] = row.Bias;
            RowSlack slack = RowSlack.Of(row);
            DeviceBound.WriteParts(slack, parts.AsSpan(i * DeviceBound.Parts));
            (most, sum) = (most.Or(slack), sum.Plus(slack));
        }

        GC.KeepAlive(Segment);
        (_slacks[first / Stretch], _sums[first / Stretch]) = (most, sum);
        Codes.narrow(0, first, count).copy_(codes);
        Biases!.narrow(0, first, count).copy_(torch.tensor(_biases.AsSpan(first, count).ToArray()));
        Slacks!.narrow(0, first, count).copy_(torch.tensor(parts, [count, DeviceBound.Parts]));
        Scales?.narrow(0, first, count).copy_(torch.tensor(scales));
    }
}
