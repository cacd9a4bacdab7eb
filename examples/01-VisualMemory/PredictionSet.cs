// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ExampleData;
using Microsoft.ML;

namespace VisualMemoryExample;

/// <summary>The predictions for all queries, read from a transformed view in one pass.</summary>
internal sealed class PredictionSet
{
    private readonly Prediction[] _predictions;
    private readonly ImageSet _queries;
    private readonly string[] _classNames;

    /// <param name="mlContext">Reads the view.</param>
    /// <param name="transformed">What a model made of the queries.</param>
    /// <param name="queries">The queries, for their true classes.</param>
    /// <param name="classNames">Name of each class in the order of the scores.</param>
    public PredictionSet(
        MLContext mlContext, IDataView transformed, ImageSet queries, IEnumerable<string> classNames)
    {
        _queries = queries;
        _classNames = [.. classNames];
        _predictions = [.. mlContext.Data.CreateEnumerable<Prediction>(transformed, reuseRowObject: false)];
    }

    /// <summary>Share of right predictions among the queries of one class, or among all.</summary>
    public double Accuracy(string? ofClass = null)
        => _predictions
            .Where(each => ofClass is null || TruthOf(each) == ofClass)
            .Average(each => IsRight(each) ? 1.0 : 0.0);

    /// <summary>The wrong prediction whose true class came nearest; where none is wrong, the least sure one.</summary>
    public Prediction ClosestMistake()
        => _predictions.OrderBy(IsRight).ThenBy(MissingShare).First();

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

    /// <summary>Share of the vote that a class got; 0 for a class that the memory does not know.</summary>
    public float ShareOf(Prediction prediction, string className)
        => Array.IndexOf(_classNames, className) is >= 0 and var index ? prediction.Score[index] : 0;

    private bool IsRight(Prediction prediction) => prediction.PredictedClass == TruthOf(prediction);

    private float MissingShare(Prediction prediction)
        => prediction.Score.Max() - (IsRight(prediction) ? 0 : ShareOf(prediction, TruthOf(prediction)));
}
