// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

[TestClass]
public sealed class StoredColumnTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private string _folder = "";

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Every_type_of_value_comes_back_as_it_was_stored()
    {
        IDataView rows = _mlContext.Data.LoadFromEnumerable(AnyValues.Rows);
        NearestNeighborsTransformer lookup = Fit(rows);

        AssertOwnValues(rows, lookup);
    }

    [TestMethod]
    public void Every_type_of_value_survives_saving()
    {
        IDataView rows = _mlContext.Data.LoadFromEnumerable(AnyValues.Rows);
        string path = Path.Combine(_folder, "values.zip");
        _mlContext.Model.Save(Fit(rows), rows.Schema, path);

        ITransformer loaded = _mlContext.Model.Load(path, out _);

        AssertOwnValues(rows, loaded);
    }

    [TestMethod]
    public void Every_type_of_value_is_read_from_a_frozen_file()
    {
        string path = ModelFiles.FrozenPath("nearest-neighbors", "nearest-neighbors-v1.zip");

        var loaded = (NearestNeighborsTransformer)_mlContext.Model.Load(path, out _);

        Assert.AreEqual(5, loaded.Count);
        AssertOwnValues(_mlContext.Data.LoadFromEnumerable(AnyValues.Rows), loaded);
    }

    [TestMethod]
    public void Every_type_of_value_is_added_and_kept_while_others_are_removed()
    {
        IDataView first = _mlContext.Data.LoadFromEnumerable(AnyValues.Rows[..2]);
        IDataView others = _mlContext.Data.LoadFromEnumerable(AnyValues.Rows[2..]);
        NearestNeighborsTransformer lookup = Fit(first).Add(others);

        AssertOwnValues(_mlContext.Data.LoadFromEnumerable(AnyValues.Rows), lookup);
        AssertOwnValues(others, lookup.Remove(0, 1));
        AssertOwnValues(_mlContext.Data.LoadFromEnumerable(AnyValues.Rows[4..]), lookup.Remove(0, 1, 2, 3));
    }

    [TestMethod]
    public void A_longer_list_shares_the_memory_of_the_shorter_and_another_one_copies()
    {
        SharedList<int> start = new SharedList<int>([1, 2, 3, 4]).Append([5]);

        SharedList<int> one = start.Append([6]);
        SharedList<int> other = start.Append([7]);

        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4, 5 }, start.Values.ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4, 5, 6 }, one.Values.ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4, 5, 7 }, other.Values.ToArray());
    }

    [TestMethod]
    public void Appending_in_a_row_copies_seldom()
    {
        const int Steps = 20_000;
        var list = new SharedList<int>([]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < Steps; step++) list = list.Append([step]);

        long perStep = (GC.GetAllocatedBytesForCurrentThread() - before) / Steps;

        Assert.IsLessThan(100, perStep, "a list object and a share of the growth");
        CollectionAssert.AreEqual(Enumerable.Range(0, Steps).ToArray(), list.Values.ToArray());
    }

    private NearestNeighborsTransformer Fit(IDataView rows)
        => _mlContext.Transforms.NearestNeighbors(new NearestNeighborsOptions
        {
            NeighborCount = 1,
            Metric = Metric.SquaredEuclidean,
            StoredColumnNames = AnyValues.Names,
        }).Fit(rows);

    /// <summary>The nearest of a row is the row itself, whose values must be those that it has.</summary>
    private static void AssertOwnValues(IDataView rows, ITransformer lookup)
    {
        IDataView found = lookup.Transform(rows);
        AssertOwn<sbyte>(found, "SByte");
        AssertOwn<byte>(found, "Byte");
        AssertOwn<short>(found, "Int16");
        AssertOwn<ushort>(found, "UInt16");
        AssertOwn<int>(found, "Int32");
        AssertOwn<uint>(found, "UInt32");
        AssertOwn<long>(found, "Int64");
        AssertOwn<ulong>(found, "UInt64");
        AssertOwn<float>(found, "Single");
        AssertOwn<double>(found, "Double");
        AssertOwn<ReadOnlyMemory<char>>(found, "Text");
        AssertOwn<bool>(found, "Boolean");
        AssertOwn<TimeSpan>(found, "TimeSpan");
        AssertOwn<DateTime>(found, "DateTime");
        AssertOwn<DateTimeOffset>(found, "DateTimeOffset");
    }

    private static void AssertOwn<T>(IDataView found, string name)
    {
        using DataViewRowCursor cursor = found.GetRowCursor([found.Schema[name], found.Schema["Neighbor" + name]]);
        ValueGetter<T> own = cursor.GetGetter<T>(found.Schema[name]);
        ValueGetter<VBuffer<T>> stored = cursor.GetGetter<VBuffer<T>>(found.Schema["Neighbor" + name]);
        T expected = default!;
        VBuffer<T> actual = default;
        while (cursor.MoveNext())
        {
            own(ref expected);
            stored(ref actual);
            Assert.AreEqual(Shown(expected), Shown(actual.DenseValues().Single()), $"{name} of row {cursor.Position}");
        }
    }

    /// <summary>Shows every bit that matters: the sign of zero, the offset of a date and its kind.</summary>
    private static string Shown<T>(T value) => value switch
    {
        float number => $"{BitConverter.SingleToUInt32Bits(number)}",
        double number => $"{BitConverter.DoubleToUInt64Bits(number)}",
        DateTime date => $"{date.Ticks} {date.Kind}",
        DateTimeOffset date => $"{date.Ticks} {date.Offset.Ticks}",
        TimeSpan span => $"{span.Ticks}",
        _ => value!.ToString()!,
    };
}
