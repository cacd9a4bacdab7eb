// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MemoryServe;

/// <summary>
/// Prediction engines of one model: binding a pipeline to a row costs more than asking it, and a bound one serves one
/// thread at a time.
/// </summary>
/// <remarks>The engines speak the model's own schema, so they need no class for its rows.</remarks>
internal sealed class EnginePool(ServedModel model)
{
    private static readonly int _largestCount = 2 * Environment.ProcessorCount;

    private readonly ConcurrentBag<Engine> _idle = [];

    public Prediction Predict(Row row)
    {
        if (!_idle.TryTake(out Engine? engine)) engine = new Engine(model);
        Prediction prediction = engine.Predict(row);
        if (_idle.Count < _largestCount) _idle.Add(engine);
        return prediction;
    }

    private sealed class Engine
    {
        private readonly CurrentRow _input;
        private readonly PredictionReader _reader;

        public Engine(ServedModel model)
        {
            _input = new CurrentRow(model.Input);
            IRowToRowMapper mapper = model.Pipeline.GetRowToRowMapper(model.Input.Schema);
            DataViewRow output = mapper.GetRow(_input, PredictionReader.ColumnsOf(mapper.OutputSchema));
            _reader = new PredictionReader(output, model.ClassNames);
        }

        public Prediction Predict(Row row)
        {
            _input.Set(row);
            return _reader.Read();
        }
    }
}
