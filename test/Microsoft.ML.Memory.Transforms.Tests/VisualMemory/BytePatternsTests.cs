// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class BytePatternsTests
{
    [TestMethod]
    public void Scan_counts_what_a_plain_search_counts()
    {
        var random = new Random(3);
        byte[] content = [.. Enumerable.Range(0, 200_000).Select(_ => (byte)random.Next(2))];
        foreach (int length in new[] { 1, 2, 8, 13 })
        {
            var patterns = new BytePatterns(length);
            byte[][] sought = [.. Enumerable.Range(0, 40).Select(
                index => content[(index * 4000)..((index * 4000) + length)])];
            int[] indices = Array.ConvertAll(sought, each => patterns.Add(each));

            long bytes = patterns.Scan(new MemoryStream(content));

            Assert.AreEqual(content.Length, bytes);
            for (int index = 0; index < sought.Length; index++)
                Assert.AreEqual(Count(content, sought[index]), patterns.CountOf(indices[index]));
        }
    }

    [TestMethod]
    public void Scan_finds_a_sequence_across_reads_of_any_size()
    {
        byte[] content = new byte[300_000];
        var patterns = new BytePatterns(5);
        int sought = patterns.Add([1, 2, 3, 4, 5]);
        foreach (int place in new[] { 0, 65_533, 131_070, 299_995 })
            "\u0001\u0002\u0003\u0004\u0005"u8.CopyTo(content.AsSpan(place));

        patterns.Scan(new MemoryStream(content));
        long first = patterns.CountOf(sought);
        patterns.Reset();
        patterns.Scan(new MemoryStream(content[..4]));

        Assert.AreEqual(4, first);
        Assert.AreEqual(0, patterns.CountOf(sought));
    }

    private static long Count(byte[] content, byte[] sought)
    {
        long count = 0;
        for (int start = 0; start + sought.Length <= content.Length; start++)
        {
            if (content.AsSpan(start, sought.Length).SequenceEqual(sought)) count++;
        }

        return count;
    }
}
