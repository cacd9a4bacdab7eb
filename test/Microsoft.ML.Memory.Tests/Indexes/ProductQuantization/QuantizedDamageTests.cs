// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Memory.Tests.Indexes.Clustered;

namespace Microsoft.ML.Memory.Tests.Indexes.ProductQuantization;

[TestClass]
public sealed partial class QuantizedDamageTests
{
    /// <summary>Two pieces of the reader's 1 MiB, a block of rows, and some for messages.</summary>
    private const long MostBytes = 4 << 20;

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Load_any_byte_flipped_is_refused_with_section_and_offset(bool keepVectors)
    {
        byte[] saved = Small(keepVectors);
        for (int place = 0; place < saved.Length; place++)
        {
            byte[] damaged = [.. saved];
            damaged[place] ^= (byte)(1 << (place % 8));

            AssertRefused(damaged, $"byte {place}");
        }
    }

    [TestMethod]
    public void Load_any_truncation_is_refused_with_section_and_offset()
    {
        byte[] saved = Small(keepVectors: true);
        for (int length = 0; length < saved.Length; length++)
        {
            string message = AssertRefused(saved[..length], $"{length} bytes");
            StringAssert.EndsWith(message, $"must be complete. Got the end of the file at byte {length}.");
        }
    }

    [TestMethod]
    [DataRow(1L << 60)]
    [DataRow(long.MaxValue)]
    [DataRow(long.MinValue)]
    [DataRow(-8L)]
    [DataRow(int.MaxValue - 7L)]
    public void Load_claimed_section_length_is_not_believed(long length)
    {
        byte[] saved = Small(keepVectors: true);
        foreach (string section in new[] { "quantizedIndex", "ids", "centroids", "codes", "vectors" })
        {
            byte[] damaged = [.. saved];
            int place = damaged.AsSpan().IndexOf(Encoding.ASCII.GetBytes(section)) + section.Length;
            BinaryPrimitives.WriteInt64LittleEndian(damaged.AsSpan(place), length);

            StringAssert.StartsWith(AssertRefused(damaged, section), $"Section '{section}' ");
        }
    }

    [TestMethod]
    public void Load_forged_fields_with_right_checksums_are_refused()
    {
        var honest = new ForgedQuantizedIndex();
        Assert.AreEqual(1, QuantizedIndex.Load(new MemoryStream(honest.Bytes())).Count);

        const string Fields = "must hold valid fields. Got ";
        AssertForged(
            honest with { Dimension = 0 },
            Fields + "dimension must be in [1, 1048576]. Got 0. (Parameter 'dimension').");
        AssertForged(
            honest with { Dimension = int.MaxValue },
            Fields + "dimension must be in [1, 1048576]. Got 2147483647. (Parameter 'dimension').");
        AssertForged(
            honest with { Metric = 3 }, Fields + "metric must be a metric. Got 3. (Parameter 'metric').");
        AssertForged(
            honest with { SubspaceCount = -1 },
            Fields + "QuantizedSettings.SubspaceCount must be null or in [1, 256]. Got -1.");
        AssertForged(
            honest with { SubspaceCount = 3 },
            Fields + "QuantizedSettings.SubspaceCount must be at most the dimension, 2. Got 3.");
        AssertForged(
            honest with { TrainingCount = 0 }, Fields + "QuantizedSettings.TrainingCount must be at least 1. Got 0.");
        AssertForged(
            honest with { Iterations = 0 }, Fields + "QuantizedSettings.Iterations must be in [1, 1000]. Got 0.");
        AssertForged(
            honest with { Iterations = int.MinValue },
            Fields + "QuantizedSettings.Iterations must be in [1, 1000]. Got -2147483648.");
        AssertForged(
            honest with { CandidateFactor = -5 },
            Fields + "QuantizedSettings.CandidateFactor must be at least 1. Got -5.");
        AssertForged(honest with { Count = -1 }, Fields + "count must be at least 0. Got -1.");
        AssertForged(honest with { HasMoreFields = true }, "must end after its last field. Got 4 more bytes.");
        AssertForged(honest with { TrainedSubspaces = 2 }, "must have 0 or 1 subspaces. Got 2.");
        AssertForged(honest with { TrainedSubspaces = -1 }, "must have 0 or 1 subspaces. Got -1.");
        AssertForged(honest with { TrainedSubspaces = 0 }, "must have codebooks from 1 entries on. Got 1.");
    }

    [TestMethod]
    public void Load_forged_arrays_with_right_checksums_are_refused()
    {
        var honest = new ForgedQuantizedIndex();
        float[] bad = new float[2 * ProductQuantizer.CentroidCount];
        bad[^1] = float.NaN;
        AssertForged(
            honest with { Count = int.MaxValue }, "must hold 2147483647 values of 8 bytes. Got 8 bytes.", "ids");
        AssertForged(honest with { Count = 2, Ids = [5, 5] }, "must differ. Got an id twice.", "ids");
        AssertForged(honest with { Centroids = bad }, "must be finite. Got NaN or infinity.", "centroids");
        AssertForged(honest with { Centroids = [1] }, "must hold 512 values of 4 bytes. Got 4 bytes.", "centroids");
        AssertForged(
            honest with { Dimension = 1 << 20 }, "must hold 268435456 values of 4 bytes. Got 2048 bytes.", "centroids");
        AssertForged(honest with { Codes = [1, 2] }, "must hold 1 values of 1 bytes. Got 2 bytes.", "codes");
        AssertForged(honest with { Vectors = [1, 2, 3] }, "must hold 8 bytes. Got 12.", "vectors");
        AssertForged(
            honest with { Vectors = [1, float.PositiveInfinity] }, "must be finite. Got NaN or infinity.", "vectors");
        Assert.MatchesRegex(
            @"^The end of the memory file, at byte \d+, must come next\. Got another section\.$",
            AssertRefused((honest with { HasMoreSections = true }).Bytes(), "more"));
    }

    private static byte[] Small(bool keepVectors)
    {
        var rows = new ClusteredRows(40, 1, Metric.SquaredEuclidean, 1);
        return QuantizedRows.Save(QuantizedRows.Trained(rows, keepVectors, subspaceCount: 1));
    }

    private static void AssertForged(ForgedQuantizedIndex forged, string end, string section = "quantizedIndex")
    {
        string message = AssertRefused(forged.Bytes(), end);

        StringAssert.StartsWith(message, $"Section '{section}' of the memory file, at byte ");
        StringAssert.EndsWith(message, ", " + end);
    }

    private static string AssertRefused(byte[] bytes, string what)
    {
        var stream = new MemoryStream(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
            () => QuantizedIndex.Load(stream), what);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.IsLessThan(MostBytes, allocated, what);
        Assert.MatchesRegex(Located(), error.Message, what);
        return error.Message;
    }

    [GeneratedRegex(@"^(Section '[a-zA-Z]+'|The end) of the memory file, at byte \d+, must .*\. Got .*\.$")]
    private static partial Regex Located();
}
