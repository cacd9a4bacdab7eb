// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>Turns short texts into vectors: words and word pairs, weighted and hashed with signs.</summary>
internal sealed class HashedWords
{
    private readonly Dictionary<string, int> _documents = [];
    private readonly int _documentCount;
    private readonly int _dimension;

    /// <param name="texts">Texts that the weights are counted on.</param>
    /// <param name="dimension">Length of a vector.</param>
    public HashedWords(IEnumerable<string> texts, int dimension)
    {
        _dimension = dimension;
        foreach (string text in texts)
        {
            _documentCount++;
            foreach (string term in Terms(text).Distinct())
                _documents[term] = _documents.GetValueOrDefault(term) + 1;
        }
    }

    /// <summary>Gives [n, d] of the texts in the first place of each row.</summary>
    public float[] Of(string[][] rows)
    {
        float[] vectors = new float[rows.Length * _dimension];
        for (int row = 0; row < rows.Length; row++)
        {
            foreach (string term in Terms(rows[row][0]))
            {
                uint hash = Hash(term);
                double weight = Math.Log((1 + _documentCount) / (1.0 + _documents.GetValueOrDefault(term)));
                float signed = (float)((hash & 1) == 0 ? weight : -weight);
                vectors[(row * _dimension) + (int)((hash >> 1) % (uint)_dimension)] += signed;
            }
        }

        return vectors;
    }

    private static IEnumerable<string> Terms(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int index = 0; index < words.Length; index++)
        {
            yield return words[index];
            if (index > 0) yield return words[index - 1] + " " + words[index];
        }
    }

    /// <summary>FNV-1a, with its bits mixed once more since neighbouring bits are used.</summary>
    private static uint Hash(string term)
    {
        uint hash = 2166136261;
        foreach (char letter in term) hash = (hash ^ letter) * 16777619;
        hash ^= hash >> 16;
        hash *= 0x85EBCA6B;
        return hash ^ (hash >> 13);
    }
}
