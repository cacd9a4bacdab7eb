// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class GraphCloseTests
{
    private const int Piles = 3;
    private const int PileSize = 400;
    private const int Others = 1200;

    // An entry that all of its neighbours know nearer ones than is led to by none, be it of a pile or not.
    private const int Unreached = 2;

    // Which entries of a pile are nearest, codes cannot tell.
    private const double Floor = 0.96;

    public static IEnumerable<object[]> Piled =>
        from metric in (Metric[])[Metric.Cosine, Metric.SquaredEuclidean]
        from encoding in Enum.GetValues<VectorEncoding>()
        from noise in (float[])[1e-6f, 1e-4f]
        select new object[] { metric, encoding, noise };

    [TestMethod]
    [DynamicData(nameof(Piled))]
    public void Entries_all_but_equal_are_reached_and_hide_no_others(
        Metric metric, VectorEncoding encoding, float noise)
    {
        var random = new SeededRandom(6);
        GraphCase data = WithPiles((row, i) => row + (noise * (float)random.NextGaussian()));

        AssertSound(data, metric, encoding);
    }

    [TestMethod]
    [DataRow(VectorEncoding.Single)]
    [DataRow(VectorEncoding.Half)]
    [DataRow(VectorEncoding.SignedByte)]
    public void Entries_of_one_direction_are_reached_and_hide_no_others(VectorEncoding encoding)
    {
        GraphCase data = WithPiles((row, i) => MathF.Round(4 * row) * (1 + i));

        AssertSound(data, Metric.Cosine, encoding);
    }

    private static void AssertSound(GraphCase data, Metric metric, VectorEncoding encoding)
    {
        var settings = new GraphSettings { ThreadCount = 1, Encoding = encoding };
        GraphIndex index = data.Build(metric, settings);

        Assert.IsGreaterThanOrEqualTo(data.Ids.Length - Unreached, Reached(index));
        Assert.IsGreaterThanOrEqualTo(Floor, data.Recall(index, data.BuildExact(metric)));
    }

    /// <summary>Counts the entries to which links lead on the lowest layer from where walks start.</summary>
    private static int Reached(GraphIndex index)
    {
        using var stream = new MemoryStream(GraphFileTests.Saved(index));
        var reader = new SectionReader(stream);
        int entry = BitConverter.ToInt32(reader.ReadAll<byte>("graph").AsSpan()[^sizeof(int)..]);
        int[] starts = new int[reader.ReadAll<long>("ids").Length];
        reader.ReadAll<long>("sequences");
        byte[] levels = reader.ReadAll<byte>("levels");
        reader.ReadAll<float>("vectors");
        ushort[] counts = reader.ReadAll<ushort>("link-counts");
        int[] links = reader.ReadAll<int>("links");
        int[] lengths = new int[starts.Length];
        for (int number = 0, list = 0, start = 0; number < starts.Length; number++)
        {
            (starts[number], lengths[number]) = (start, counts[list]);
            for (int level = 0; level <= levels[number]; level++) start += counts[list++];
        }

        var reached = new HashSet<int> { entry };
        var waiting = new Stack<int>([entry]);
        while (waiting.TryPop(out int number))
        {
            foreach (int next in links.AsSpan(starts[number], lengths[number]))
            {
                if (reached.Add(next)) waiting.Push(next);
            }
        }

        return reached.Count;
    }

    /// <summary>Makes a case of which rows, here and there, are made of a few others.</summary>
    private static GraphCase WithPiles(Func<float, int, float> change)
    {
        var data = new GraphCase(Others + (Piles * PileSize));
        var random = new SeededRandom(4);
        int[] rows = [.. Enumerable.Range(0, data.Ids.Length)];
        random.Shuffle<int>(rows);
        float[] centres = data.More(Piles);
        for (int member = 0; member < Piles * PileSize; member++)
        {
            for (int i = 0; i < data.Dimension; i++)
            {
                float value = centres[(member % Piles * data.Dimension) + i];
                data.Rows[(rows[member] * data.Dimension) + i] = change(value, member);
            }
        }

        return data;
    }
}
