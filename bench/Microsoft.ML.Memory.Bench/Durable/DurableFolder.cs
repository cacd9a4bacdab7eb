// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Bench;

/// <summary>A folder on the disk that the program lies on, with small memories in it, which goes with it.</summary>
internal sealed class DurableFolder : IDisposable
{
    private const int StartCount = 1000;

    private static readonly DurableMemoryOptions _options = new() { CompactionBytes = null };

    private readonly MLContext _mlContext = new(seed: 0);
    private int _opened;

    public DurableFolder()
    {
        Path = System.IO.Path.Combine(AppContext.BaseDirectory, $"durable-{Environment.ProcessId}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    private string Model => System.IO.Path.Combine(Path, $"model-{_opened}.zip");

    /// <summary>Gives a row that differs by its seed.</summary>
    public static float[] Row(int dimension, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, dimension).Select(_ => random.NextSingle())];
    }

    /// <summary>Opens a new memory of 1,000 rows.</summary>
    public DurableMemory Open(int dimension)
    {
        _opened++;
        var schema = SchemaDefinition.Create(typeof(Example));
        schema[nameof(Example.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimension);
        IDataView rows = _mlContext.Data.LoadFromEnumerable(
            Enumerable.Range(0, StartCount).Select(
                row => new Example { Features = Row(dimension, row), Label = $"{row % 10}" }),
            schema);
        ITransformer memory = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions())).Fit(rows);
        _mlContext.Model.Save(memory, rows.Schema, Model);
        return Reopen();
    }

    /// <summary>Opens the memory that was opened last.</summary>
    public DurableMemory Reopen() => DurableMemory.Open(_mlContext, Model, _options);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private sealed class Example
    {
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
