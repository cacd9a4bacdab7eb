// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML.Data;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Writes classes and scores as outputs, and what stands for them where there is no prediction.</summary>
internal sealed class ClassOutputs
{
    private readonly OnnxGraph _graph;
    private readonly ClassTable _classes;
    private readonly OnnxLabels _labels;
    private string? _table;
    private DataType _type;

    /// <param name="graph">Receives the nodes.</param>
    /// <param name="classes">The classes, in the order of the scores.</param>
    /// <param name="options">What stands for a class.</param>
    public ClassOutputs(OnnxGraph graph, ClassTable classes, OnnxExportOptions options)
    {
        _graph = graph;
        _classes = classes;
        _labels = options.Labels;
        graph.Say("classes", string.Join('\n', Enumerable.Range(0, classes.Count).Select(NameOf).Select(Line)));
    }

    /// <summary>Adds the outputs that every classifier has.</summary>
    /// <param name="winner">[N, 1] Int64.</param>
    /// <param name="isPresent">[N, 1] Bool: whether there is a prediction.</param>
    /// <param name="scores">[N, c] Double.</param>
    /// <param name="prior">[c] scores where there is no prediction.</param>
    public void AddPrediction(string winner, string isPresent, string scores, ReadOnlySpan<double> prior)
    {
        AddLabels(ClassifierColumns.PredictedLabel, winner, isPresent, 1, "The predicted class.");
        string chosen = _graph.Where(isPresent, scores, _graph.Tensor(prior, 1, prior.Length));
        _graph.Output(
            ClassifierColumns.Score,
            _graph.ToSingle(chosen),
            DataType.Float,
            "Share of each class, summing to 1; the classes are listed in the model's metadata.",
            prior.Length);
    }

    /// <summary>Adds classes as an output.</summary>
    /// <param name="name">Name of the output.</param>
    /// <param name="indices">[N, size] Int64.</param>
    /// <param name="isPresent">[N, 1] Bool.</param>
    /// <param name="size">Classes a row.</param>
    /// <param name="description">What they are.</param>
    public void AddLabels(string name, string indices, string isPresent, int size, string description)
    {
        _table ??= CreateTable();
        string values = _labels == OnnxLabels.Indices
            ? _graph.Where(isPresent, indices, _graph.Int64(-1))
            : _graph.Gather(_table, _graph.Where(isPresent, indices, _graph.Int64(_classes.Count)));
        _graph.Output(name, values, _type, description, size);
    }

    /// <summary>Makes the values of the classes, and after them what stands for none.</summary>
    private string CreateTable()
    {
        int count = _classes.Count;
        if (_labels == OnnxLabels.Indices)
        {
            _type = DataType.Int64;
            return "";
        }

        if (_labels == OnnxLabels.Keys || _classes.ValueType is not { } type)
        {
            _type = DataType.Uint32;
            uint[] keys = [.. Enumerable.Range(1, count).Select(key => (uint)key), 0];
            return _graph.Tensor(keys, count + 1);
        }

        if (type.RawType == typeof(float))
        {
            _type = DataType.Float;
            return _graph.Tensor([.. _classes.Values!.Select(value => (float)value), float.NaN], count + 1);
        }

        if (type.RawType == typeof(double))
        {
            _type = DataType.Double;
            return _graph.Tensor([.. _classes.Values!.Select(value => (double)value), double.NaN], count + 1);
        }

        if (type is NumberDataViewType or BooleanDataViewType)
        {
            _type = DataType.Int64;
            return _graph.Tensor([.. _classes.Values!.Select(Whole), long.MinValue], count + 1);
        }

        _type = DataType.String;
        return _graph.Strings([.. Enumerable.Range(0, count).Select(NameOf), ""]);
    }

    /// <summary>Gives the text of a class; dates to the last tick, so that no two classes share one.</summary>
    private string NameOf(int index) => _classes.Values?[index] switch
    {
        DateTime date => date.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset date => date.ToString("O", CultureInfo.InvariantCulture),
        _ => _classes.NameOf(index),
    };

    /// <summary>Keeps a name on one line, in a way that can be undone.</summary>
    private static string Line(string name)
        => name.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("\n", @"\n", StringComparison.Ordinal)
            .Replace("\r", @"\r", StringComparison.Ordinal);

    private static long Whole(object value)
        => value is ulong and > long.MaxValue
            ? throw new InvalidOperationException(
                $"A label value must be at most {long.MaxValue} to be exported. Got {value}. "
                + "Set OnnxExportOptions.Labels to Keys or Indices.")
            : Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
