// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.RowMapping;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Runs the network on one row when the first of its outputs is read.</summary>
internal sealed class OnnxComputation : RowComputation
{
    private readonly DataViewRow _row;
    private readonly OnnxNetwork _network;
    private readonly TensorInput[] _inputs;
    private readonly OrtValue[] _values;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly int[] _placeOf;
    private readonly RunOptions _runOptions = new();
    private IDisposableReadOnlyCollection<OrtValue> _results;
    private long _position = -1;

    public OnnxComputation(OnnxNetwork network, DataViewRow row, DataViewSchema.Column[] columns, bool[] isActive)
    {
        _row = row;
        _network = network;
        _inputs = [.. network.Inputs.Select((input, i) => TensorInput.Create(input, row, columns[i]))];
        _values = new OrtValue[_inputs.Length];
        _inputNames = [.. network.Inputs.Select(input => input.Name)];
        _outputNames = [.. network.Outputs.Where((_, i) => isActive[i]).Select(output => output.Name)];
        _placeOf = [.. network.Outputs.Select(output => Array.IndexOf(_outputNames, output.Name))];
    }

    public override void Compute() => Results();

    public override Delegate CreateGetter(int output)
    {
        int place = _placeOf[output];
        return TensorOutput.CreateGetter(_network.Outputs[output], () => Results()[place]);
    }

    public override void Dispose()
    {
        _results?.Dispose();
        foreach (TensorInput input in _inputs)
            input.Dispose();
        _runOptions.Dispose();
    }

    // A row without a position may change unseen, so it is computed at every read.
    private IDisposableReadOnlyCollection<OrtValue> Results()
    {
        if (_row is DataViewRowCursor && _row.Position < 0)
            throw HostErrors.NotOnARow();
        if (_results is not null && _row.Position >= 0 && _row.Position == _position)
            return _results;
        _results?.Dispose();
        _results = null;
        for (int i = 0; i < _inputs.Length; i++)
            _values[i] = _inputs[i].Read();
        // Kept before it is looked at, so that it is disposed of whatever it is.
        _results = _network.Session.Run(_runOptions, _inputNames, _values, _outputNames);
        _position = _row.Position;
        CheckNoScalars();
        return _results;
    }

    // The host gives no tensor without a dimension.
    private void CheckNoScalars()
    {
        for (int i = 0; i < _placeOf.Length; i++)
        {
            if (_placeOf[i] >= 0 && (_network.Outputs[i].IsScalar
                || _results[_placeOf[i]].GetTensorTypeAndShape().DimensionsCount == 0))
            {
                _position = -1;
                throw new ArgumentNullException("source", default(string));
            }
        }
    }
}
