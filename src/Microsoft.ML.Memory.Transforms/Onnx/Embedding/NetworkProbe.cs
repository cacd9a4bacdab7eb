// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Tries a network with random rows, to see what it gives and whether rows keep to themselves.</summary>
internal sealed class NetworkProbe(NetworkSession session, IReadOnlyList<NetworkInput> inputs, NetworkBatch batch)
{
    /// <summary>Tokens of a row where rows may differ: enough to be told from a dimension of 1 or 2.</summary>
    public const int TokenCount = 5;

    /// <summary>Rows that a network of any number of rows is tried with.</summary>
    public const int RowCount = 2;

    /// <summary>Tokens of a row in a second run, which tells what follows them.</summary>
    public const int MostTokens = TokenCount + 2;

    /// <summary>Rows of a second run.</summary>
    public const int MostRows = RowCount + 1;

    /// <summary>Numbers that are drawn together.</summary>
    private const int PieceLength = 4096;

    private const int Seed = 20260;

    // Numbers of single and of half precision are rounded in another order when rows run together.
    private const double Tolerance = 1e-4;
    private const double HalfTolerance = 1e-2;

    // How many times the tolerance two rows must differ, for the mean of both to be told from each.
    private const double Apart = 4;

    /// <summary>Runs random rows and gives the dimensions of what comes out.</summary>
    /// <param name="rowCount">Number of rows.</param>
    /// <param name="tokenCount">Tokens of each, where rows may differ.</param>
    /// <exception cref="InvalidDataException">A node failed.</exception>
    public long[] OutputDims(int rowCount, int tokenCount)
    {
        try
        {
            return Run(0, rowCount, tokenCount, output => output.GetTensorTypeAndShape().Shape);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidDataException(
                $"The network must run on rows of the dimensions it declares. Got: {error.Message.TrimEnd('.')}.",
                error);
        }
    }

    /// <summary>Whether two rows together give what each gives alone.</summary>
    /// <remarks>Rows that give the same whatever they are could mix unseen, so they prove nothing.</remarks>
    public bool KeepsRowsApart()
    {
        try
        {
            TensorElementType type = session.OutputType();
            float[] together = Values(0, 2, type), first = Values(0, 1, type), second = Values(1, 1, type);
            double tolerance = type == TensorElementType.Float16
                || inputs.Any(input => input.Type == TensorElementType.Float16) ? HalfTolerance : Tolerance;
            return together.Length == first.Length + second.Length
                && !IsClose(second, first, Apart * tolerance)
                && IsClose(together.AsSpan(0, first.Length), first, tolerance)
                && IsClose(together.AsSpan(first.Length), second, tolerance);
        }
        catch (OnnxRuntimeException)
        {
            return false;
        }
    }

    private static bool IsClose(ReadOnlySpan<float> values, ReadOnlySpan<float> expected, double tolerance)
    {
        double largest = 0;
        foreach (float value in expected) largest = Math.Max(largest, Math.Abs((double)value));
        for (int i = 0; i < values.Length; i++)
        {
            bool isClose = values[i].Equals(expected[i])
                || Math.Abs((double)values[i] - expected[i]) <= tolerance * largest;
            if (!isClose) return false;
        }

        return true;
    }

    private float[] Values(int first, int count, TensorElementType type) => Run(first, count, TokenCount, output =>
    {
        float[] buffer = [];
        return NetworkOutput.Read(output, type, ref buffer).ToArray();
    });

    private TResult Run<TResult>(int first, int count, int tokenCount, Func<OrtValue, TResult> read)
    {
        var values = new OrtValue[inputs.Count];
        try
        {
            for (int i = 0; i < values.Length; i++) values[i] = Rows(inputs[i], first, count, tokenCount);
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(values);
            return read(outputs[0]);
        }
        finally
        {
            foreach (OrtValue? value in values) value?.Dispose();
        }
    }

    private OrtValue Rows(NetworkInput input, int first, int count, int tokens) => input.Type switch
    {
        TensorElementType.Float => Rows<float>(input, first, count, tokens),
        TensorElementType.Float16 => Rows<Float16>(input, first, count, tokens),
        TensorElementType.Double => Rows<double>(input, first, count, tokens),
        TensorElementType.UInt8 => Rows<byte>(input, first, count, tokens),
        TensorElementType.Bool => Rows<bool>(input, first, count, tokens),
        TensorElementType.Int32 => Rows<int>(input, first, count, tokens),
        _ => Rows<long>(input, first, count, tokens),
    };

    private OrtValue Rows<T>(NetworkInput input, int first, int count, int tokens)
        where T : unmanaged
    {
        int length = input.LengthOf(tokens);
        var data = new T[checked(count * length)];
        double[] piece = new double[Math.Min(length, PieceLength)];
        for (int r = 0; r < count; r++)
        {
            var random = new SeededRandom(Seed + first + r);
            for (int start = 0; start < length; start += piece.Length)
            {
                Span<double> numbers = piece.AsSpan(0, Math.Min(piece.Length, length - start));
                for (int i = 0; i < numbers.Length; i++)
                    numbers[i] = NumberOf<T>(input.Kind, first + r, isFirst: start + i == 0, random);
                ElementCast.Convert(numbers, data.AsSpan((r * length) + start, numbers.Length));
            }
        }

        return OrtValue.CreateTensorValueFromMemory(
            data, input.ShapeOf(batch.HasDimension ? count : null, tokens));
    }

    // The second row is larger, so that one that leaks into the other is seen. Ids stay small: a table of words has at
    // least two. The first tells rows of a single one apart.
    private static double NumberOf<T>(FeedKind kind, int row, bool isFirst, SeededRandom random)
        where T : unmanaged => kind switch
        {
            FeedKind.Ones => 1,
            FeedKind.Zeros => 0,
            _ => ElementCast.IsWhole<T>() ? isFirst ? row % 2 : random.Next(2)
                : random.NextDouble() * (1 + (15 * row)),
        };
}
