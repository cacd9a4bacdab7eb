// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace TextIntentsExample;

/// <summary>Counts of the words, word pairs and runs of letters of a text, each where its hash says.</summary>
internal sealed class HashedText
{
    private const int Size = 2048;
    private const int ShortestRun = 3;
    private const int LongestRun = 5;
    private const float RunWeight = 0.3f; // a word has many runs, which together should not outweigh it by far

    [VectorType(Size)]
    public float[] Features { get; set; } = [];

    public static void Map(IntentRow row, HashedText hashed)
    {
        hashed.Features = new float[Size];
        string[] words = row.Text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int index = 0; index < words.Length; index++)
        {
            hashed.Count(words[index], 1);
            if (index > 0) hashed.Count($"{words[index - 1]} {words[index]}", 1);
            string marked = $"<{words[index]}>";
            for (int length = ShortestRun; length <= LongestRun; length++)
            {
                for (int start = 0; start + length <= marked.Length; start++)
                    hashed.Count(marked.AsSpan(start, length), RunWeight);
            }
        }
    }

    // With a sign, so that terms that share a place by chance make texts alike no more often than unlike.
    private void Count(ReadOnlySpan<char> term, float weight)
    {
        uint hash = Hash(term);
        Features[hash % Size] += hash >> 31 == 0 ? weight : -weight;
    }

    // Not string.GetHashCode, which differs from run to run. FNV-1a, then stirred, because its last bits are weak.
    private static uint Hash(ReadOnlySpan<char> term)
    {
        uint hash = 2166136261;
        foreach (char letter in term) hash = (hash ^ letter) * 16777619;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        return hash ^ (hash >> 13);
    }
}
