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
    private readonly IReadOnlyList<ValueColumn> _valueColumns;
    private readonly Dictionary<OnnxLabels, (string Name, DataType Type)> _tables = [];

    /// <param name="graph">Receives the nodes.</param>
    /// <param name="classes">The classes, in the order of the scores.</param>
    /// <param name="options">What stands for a class.</param>
    public ClassOutputs(OnnxGraph graph, ClassTable classes, OnnxExportOptions options)
    {
        _graph = graph;
        _classes = classes;
        _labels = options.Labels;
        _valueColumns = options.ValueColumns;
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

    /// <summary>Adds the classes of neighbours, [N, k] Int64, as an output.</summary>
    public void AddLabels(string name, string labels, NeighborValues neighbors) => AddLabels(
        name, labels, neighbors.IsPresent, neighbors.Found.Count, "Classes of the neighbours.");

    /// <summary>Adds classes as an output.</summary>
    /// <param name="name">Name of the output.</param>
    /// <param name="indices">[N, size] Int64.</param>
    /// <param name="isPresent">[N, 1] Bool.</param>
    /// <param name="size">Classes a row.</param>
    /// <param name="description">What they are.</param>
    public void AddLabels(string name, string indices, string isPresent, int size, string description)
    {
        if (_labels == OnnxLabels.Indices)
        {
            string kept = _graph.Where(isPresent, indices, _graph.Int64(-1));
            _graph.Output(name, kept, DataType.Int64, description, size);
        }
        else AddLabels(name, indices, isPresent, size, description, _labels);

        foreach (ValueColumn column in _valueColumns.Where(column => column.KeyName == name))
            AddLabels(column.Name, indices, isPresent, size, description, OnnxLabels.Values);
    }

    private void AddLabels(
        string name, string indices, string isPresent, int size, string description, OnnxLabels labels)
    {
        if (!_tables.TryGetValue(labels, out (string Name, DataType Type) table))
            _tables[labels] = table = CreateTable(labels);
        string values = _graph.Gather(
            table.Name, _graph.Where(isPresent, indices, _graph.Int64(_classes.Count)));
        _graph.Output(name, values, table.Type, description, size);
    }

    /// <summary>Makes the values of the classes, and after them what stands for none.</summary>
    private (string Name, DataType Type) CreateTable(OnnxLabels labels)
    {
        int count = _classes.Count;
        if (labels == OnnxLabels.Keys || _classes.ValueType is not { } type)
        {
            uint[] keys = [.. Enumerable.Range(1, count).Select(key => (uint)key), 0];
            return (_graph.Tensor(keys, count + 1), DataType.Uint32);
        }

        if (type.RawType == typeof(float))
        {
            float[] singles = [.. _classes.Values!.Select(value => (float)value), float.NaN];
            return (_graph.Tensor(singles, count + 1), DataType.Float);
        }

        if (type.RawType == typeof(double))
        {
            double[] doubles = [.. _classes.Values!.Select(value => (double)value), double.NaN];
            return (_graph.Tensor(doubles, count + 1), DataType.Double);
        }

        if (type is NumberDataViewType or BooleanDataViewType)
        {
            long[] numbers = [.. _classes.Values!.Select(Whole), long.MinValue];
            return (_graph.Tensor(numbers, count + 1), DataType.Int64);
        }

        return (_graph.Strings([.. Enumerable.Range(0, count).Select(NameOf), ""]), DataType.String);
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
