// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Host.Behaviour.Tests.OnnxRuntime;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Host.Behaviour.Tests.Networks;

/// <summary>What several tests of ApplyOnnxModel share: rows and networks, and skipping without a runtime.</summary>
public abstract class NetworkTests : OnnxRuntimeTests
{
    private protected MLContext Ml { get; } = new(1);

    /// <summary>total [batch, 2] = left + right, and rest = right - left.</summary>
    private protected static byte[] Adder() => new TinyModel()
        .Input("left", TensorElementType.Float, "batch", 2)
        .Input("right", TensorElementType.Float, "batch", 2)
        .Output("total", TensorElementType.Float, "batch", 2)
        .Output("rest", TensorElementType.Float, "batch", 2)
        .Node("Add", ["left", "right"], ["total"])
        .Node("Sub", ["right", "left"], ["rest"])
        .ToBytes();

    private protected static MemoryStream RankerStream() => new(Ranker());

    private protected IDataView Rows(int count = 4) => Ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, count).Select(i => new XRow { Id = i, X = [1, i, 1] }).ToArray());

    /// <summary>Rows of a column x; size 0 leaves it to each row.</summary>
    private protected IDataView Vectors<T>(DataViewType itemType, int size, params T[][] rows)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Vector<T>));
        definition["x"].ColumnType = size == 0
            ? new VectorDataViewType((PrimitiveDataViewType)itemType)
            : new VectorDataViewType((PrimitiveDataViewType)itemType, size);
        return Ml.Data.LoadFromEnumerable(
            rows.Select(row => new Vector<T> { X = new VBuffer<T>(row.Length, row) }).ToArray(), definition);
    }

    private protected IDataView Vectors(int size, params float[][] rows) =>
        Vectors(NumberDataViewType.Single, size, rows);

    private protected IDataView Applied(byte[] network, IDataView rows, IDictionary<string, int[]> shapes = null) =>
        Ml.Transforms.ApplyOnnxModel(new MemoryStream(network), shapes).Fit(rows).Transform(rows);

    /// <summary>What went wrong in a cursor, which computes ahead and says so.</summary>
    private protected static TException Ahead<TException>(IDataView view, string column)
        where TException : Exception
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() =>
        {
            using DataViewRowCursor cursor = view.GetRowCursor([view.Schema[column]]);
            cursor.MoveNext();
        });
        Assert.AreEqual(
            "Splitter/consolidator worker encountered exception while consuming source data", error.Message);
        Assert.IsInstanceOfType<TException>(error.InnerException);
        return (TException)error.InnerException;
    }

    private protected static string Columns(IDataView view, int skip) =>
        string.Join(" ", view.Schema.Skip(skip).Select(column => $"{column.Name}:{column.Type}"));

    private protected static float[][] Floats(IDataView view, string column) => [.. view.GetColumn<float[]>(column)];

    private protected static string Text(IEnumerable<float[]> rows) =>
        string.Join(" | ", rows.Select(
            row => string.Join(" ", row.Select(value => value.ToString(CultureInfo.InvariantCulture)))));

    private protected sealed class XRow
    {
        public int Id { get; set; }

        [ColumnName("x")]
        [VectorType(3)]
        public float[] X { get; set; }
    }

    private protected sealed class Vector<T>
    {
        [ColumnName("x")]
        public VBuffer<T> X { get; set; }
    }

    private protected sealed class PairRow
    {
        [ColumnName("left")]
        [VectorType(2)]
        public float[] Left { get; set; }

        [ColumnName("right")]
        [VectorType(2)]
        public float[] Right { get; set; }
    }

    private protected sealed class Scored
    {
        [ColumnName("scores")]
        [VectorType(2)]
        public float[] Scores { get; set; }

        [ColumnName("place")]
        [VectorType(1)]
        public long[] Place { get; set; }
    }
}
