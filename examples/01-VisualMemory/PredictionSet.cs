// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;

namespace VisualMemoryExample;

/// <summary>The predictions for all queries, read from a transformed view in one pass.</summary>
internal sealed class PredictionSet
{
    private readonly Prediction[] _predictions;
    private readonly ImageSet _queries;

    public PredictionSet(MLContext mlContext, IDataView transformed, ImageSet queries)
    {
        _queries = queries;
        _predictions = [.. mlContext.Data.CreateEnumerable<Prediction>(transformed, reuseRowObject: false)];
    }

    /// <summary>Share of right predictions among the queries of one class, or among all.</summary>
    public double Accuracy(string? ofClass = null)
        => _predictions.Where(each => ofClass is null || TruthOf(each) == ofClass).Average(each => IsRight(each) ? 1.0 : 0.0);

    /// <summary>The wrong prediction that was the closest call; where none is wrong, the closest call of all.</summary>
    public Prediction ClosestMistake()
        => _predictions.OrderBy(IsRight).ThenBy(each => each.Score.Max()).First();

    /// <summary>A hash of every predicted class and of the bits of every score.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Prediction each in _predictions)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{each.Id} {each.PredictedClass} {each.Score.Length}\n"));
            hash.AppendData(MemoryMarshal.AsBytes(each.Score.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public string TruthOf(Prediction prediction) => _queries.LabelOf((int)prediction.Id);

    private bool IsRight(Prediction prediction) => prediction.PredictedClass == TruthOf(prediction);
}
