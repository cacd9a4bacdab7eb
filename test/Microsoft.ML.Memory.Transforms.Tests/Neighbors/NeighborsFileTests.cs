// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

[TestClass]
public sealed class NeighborsFileTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private string _folder = "";

    private string Good => Path.Combine(_folder, "good.zip");

    private string Other => Path.Combine(_folder, "other.zip");

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow(0)]
    [DataRow(70)]
    [DataRow(200)]
    public void A_loaded_lookup_answers_and_goes_on_as_the_saved_one(int removed)
    {
        Place[] queries = Places.Draw(60, seed: 2);
        IDataView more = Places.View(_mlContext, Places.Draw(30, seed: 3, firstId: 1000));
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Draw(200, seed: 1))
            .Remove(Enumerable.Range(0, removed).Select(id => (long)id));

        NearestNeighborsTransformer loaded = SaveAndLoad(lookup);

        Assert.AreEqual(200 - removed, loaded.Count);
        Places.AssertSame(
            Places.Find(_mlContext, lookup, queries), Places.Find(_mlContext, loaded, queries));
        Places.AssertSame(
            Places.Find(_mlContext, lookup.Add(more), queries), Places.Find(_mlContext, loaded.Add(more), queries));
    }

    [TestMethod]
    public void Numbering_goes_on_after_loading()
    {
        NearestNeighborsTransformer lookup = Places.Fit(
            _mlContext, Places.Corners, Places.Options with { IdColumnName = null }).Remove(3);

        NearestNeighborsTransformer more = SaveAndLoad(lookup).Add(
            Places.View(_mlContext, [new Place { Name = "new", Features = [9, 9] }]));

        PlaceNeighbors found = Places.Find(_mlContext, more, new Place { Features = [9, 9] }).Single();
        Assert.AreEqual(4, found.NeighborIds[0]);
        Assert.AreEqual("new", found.NeighborName[0]);
    }

    [TestMethod]
    public void Load_then_save_gives_the_same_bytes_and_removed_rows_leave_none()
    {
        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, Places.Draw(50, seed: 1))
            .Add(Places.View(_mlContext, [new Place { Id = 900, Name = "forget me", Features = [2, 2] }])).Remove(900);

        _mlContext.Model.Save(SaveAndLoad(lookup), null, Other);

        byte[] bytes = ModelFiles.MemoryStreamOf(Good);
        CollectionAssert.AreEqual(bytes, ModelFiles.MemoryStreamOf(Other));
        Assert.AreEqual(-1, bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes("forget me")));
        Assert.AreNotEqual(-1, bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes("place 7")));
    }

    [TestMethod]
    public void Every_option_survives()
    {
        var options = new NearestNeighborsOptions
        {
            FeatureColumnName = "Features",
            IdColumnName = "Id",
            NeighborCount = 7,
            Metric = Metric.InnerProduct,
            LargestDistance = -0.5f,
            LeavesOutSameId = true,
            StoredColumnNames = ["Height", "Name", "Id"],
            IdsColumnName = "Near",
            DistancesColumnName = "HowNear",
            Index = new IndexOptions
            {
                Strategy = SearchStrategy.Exact,
                MemoryBudget = 12345,
                Graph = new GraphSettings { LinkCount = 8, Seed = 3 },
            },
        };

        NearestNeighborsOptions loaded = SaveAndLoad(Places.Fit(_mlContext, Places.Corners, options)).Options;

        CollectionAssert.AreEqual(options.StoredColumnNames.ToArray(), loaded.StoredColumnNames.ToArray());
        Assert.AreEqual(options, loaded with { StoredColumnNames = options.StoredColumnNames });
        Assert.IsNull(SaveAndLoad(Places.Fit(_mlContext, Places.Corners)).Options.LargestDistance);
    }

    [TestMethod]
    public void A_lookup_of_all_within_a_distance_survives()
    {
        Place[] queries = Places.Draw(60, seed: 2);
        NearestNeighborsTransformer lookup = Places.Fit(
            _mlContext, Places.Draw(200, seed: 1), Places.Options with { NeighborCount = null, LargestDistance = 3 });

        NearestNeighborsTransformer loaded = SaveAndLoad(lookup);

        Assert.IsNull(loaded.Options.NeighborCount);
        Places.AssertSame(
            Places.Find(_mlContext, lookup, queries), Places.Find(_mlContext, loaded, queries));
    }

    [TestMethod]
    public void Long_columns_are_saved_in_several_sections()
    {
        Place[] places = Places.Draw(150, seed: 1);
        foreach (Place place in places) place.Name = new string((char)('a' + (place.Id % 26)), 40_000);

        NearestNeighborsTransformer lookup = Places.Fit(_mlContext, places);
        NearestNeighborsTransformer loaded = SaveAndLoad(lookup);

        Assert.IsGreaterThan(3, ForgedSections.Names(ModelFiles.MemoryStreamOf(Good)).Count(name => name == "values"));
        Places.AssertSame(
            Places.Find(_mlContext, lookup, places[..9]), Places.Find(_mlContext, loaded, places[..9]));
    }

    [TestMethod]
    public void A_fresh_process_that_registers_nothing_answers_the_same()
    {
        Point[] queries = Points.Draw(40, seed: 2);
        IDataView train = Points.View(_mlContext, Points.Draw(150, seed: 1));
        ITransformer model = _mlContext.Transforms.Concatenate("Features", "Features")
            .Append(_mlContext.Transforms.NearestNeighbors(idColumnName: "Id", storedColumnNames: "Label")).Fit(train);
        _mlContext.Model.Save(model, train.Schema, Good);
        string input = Path.Combine(_folder, "rows.txt");
        File.WriteAllLines(input, queries.Select(point => string.Join(' ', point.Features.Select(
            value => value.ToString("R", CultureInfo.InvariantCulture)))));

        string[] lines = Programs.Run("FreshProcess.dll", Good, input);

        IDataView found = model.Transform(Points.View(_mlContext, queries));
        long[][] ids = [.. found.GetColumn<long[]>("NeighborIds")];
        float[][] distances = [.. found.GetColumn<float[]>("NeighborDistances")];
        string[][] labels = [.. found.GetColumn<string[]>("NeighborLabel")];
        string[] expected = [.. ids.Select((row, index) =>
            $"{string.Join(' ', row)} {string.Join(' ', distances[index].Select(BitConverter.SingleToUInt32Bits))} "
            + string.Join(' ', labels[index]))];
        CollectionAssert.AreEqual(expected, lines);
    }

    [TestMethod]
    public void Any_flipped_byte_is_noticed()
    {
        Save(Places.Fit(_mlContext, Places.Draw(9, seed: 1)));
        int length = ModelFiles.MemoryStreamOf(Good).Length;
        for (int offset = 0; offset < length; offset++)
        {
            Exception error = LoadError(bytes =>
            {
                bytes[offset] ^= 0x40;
                return bytes;
            });

            Assert.IsInstanceOfType<InvalidDataException>(error, $"byte {offset}: {error.Message}");
        }
    }

    [TestMethod]
    public void Any_truncation_is_noticed()
    {
        Save(Places.Fit(_mlContext, Places.Draw(9, seed: 1)));
        int length = ModelFiles.MemoryStreamOf(Good).Length;
        for (int kept = 0; kept < length; kept += 5)
        {
            Exception error = LoadError(bytes => bytes[..kept]);

            Assert.IsInstanceOfType<InvalidDataException>(error, $"{kept} bytes: {error.Message}");
        }
    }

    [TestMethod]
    [DataRow(SearchStrategy.Exact)]
    [DataRow(SearchStrategy.Graph)]
    [DataRow(SearchStrategy.Quantized)]
    public void Random_content_of_any_section_is_noticed_or_harmless(SearchStrategy strategy)
    {
        NearestNeighborsOptions options = Places.Options with
        {
            Index = new IndexOptions
            {
                Strategy = strategy,
                Quantization = new QuantizedSettings { TrainingCount = 4, KeepVectors = false },
            },
        };
        Save(Places.Fit(_mlContext, Places.Draw(9, seed: 1), options));
        string[] names =
            [.. ForgedSections.Names(ModelFiles.MemoryStreamOf(Good)).Where(name => name != "").Distinct()];
        var random = new Random(1);
        for (int trial = 0; trial < 400; trial++)
        {
            string name = names[trial % names.Length];
            Exception? error = TryLoad(file => ForgedSections.Replace(file, name, content =>
            {
                if (content.Length > 0) content[random.Next(content.Length)] = (byte)random.Next(256);
                return content;
            }));

            if (error is not null) Assert.IsInstanceOfType<InvalidDataException>(error, $"{name}: {error.Message}");
        }
    }

    [TestMethod]
    public void Forged_sections_are_refused_by_name()
    {
        Save(Places.Fit(_mlContext, Places.Corners, Places.Options with { StoredColumnNames = ["Name"] }));

        AssertRefused("values", _ => [], "must hold valid fields. Got Values must not be missing. Got none.");
        AssertRefused("values", content => content[..^1], "must hold valid fields. "
            + "Got A text must have a length in [0, 3]. Got 4.");
        AssertRefused("values", content => [.. content, 0], "must end after its last field. Got 1 more bytes.");
        AssertRefused("values", _ => [0xff, 0xff, 0xff, 0xff, 0x07, 65, 0], "must hold valid fields. "
            + "Got A text must have a length in [0, 1]. Got 2147483647.");
        AssertRefused("bank", content => [.. content[..4], 0, .. content[5..]], "must follow a bank of metric "
            + "SquaredEuclidean. Got Cosine.", section: "keys");
        AssertRefused("nearestNeighbors", content => [.. content[..^1], 99], "must hold valid fields. "
            + "Got The type of a stored column must be a known one. Got code 99.");
        AssertRefused("nearestNeighbors", content => [.. content[..12], 255, 255, 255, 255, .. content[16..]],
            "must hold valid fields. Got NearestNeighborsOptions.NeighborCount must be null or at least 1. Got -1.");
        AssertRefused("nearestNeighbors", content => [.. content[..12], 0, 0, 0, 0, .. content[16..]],
            "must hold valid fields. Got NearestNeighborsOptions.LargestDistance must be a distance where "
            + "NeighborCount is null. Got null.");
        AssertRefused(
            "nearestNeighbors", content => [.. content, 1], "must end after its last field. Got 1 more bytes.");
    }

    [TestMethod]
    public void All_within_a_distance_among_codes_alone_are_refused()
    {
        NearestNeighborsTransformer coded = Places.Fit(_mlContext, Places.Corners, Places.Options with
        {
            Index = new IndexOptions
            {
                Strategy = SearchStrategy.Quantized,
                Quantization = new QuantizedSettings { TrainingCount = 4, KeepVectors = false },
            },
        });
        NearestNeighborsOptions options = Places.Options with { NeighborCount = null, LargestDistance = 1 };
        using var saved = new MemoryStream();
        NearestNeighborsFile.Write(saved, new NearestNeighborsTransformer(_mlContext, options, coded.Bank, coded.Rows));
        saved.Position = 0;

        StringAssert.EndsWith(
            Assert.ThrowsExactly<InvalidDataException>(() => NearestNeighborsFile.Read(saved, _mlContext)).Message,
            "must follow a bank of vectors where all within a distance are looked up. Got codes alone.");
    }

    [TestMethod]
    [DataRow(0, "2, 0")]
    [DataRow(-1, "2, -1")]
    [DataRow(int.MaxValue, "2, 2147483647")]
    public void False_sizes_of_a_vector_are_refused(int size, string shown)
    {
        Save(_mlContext.Transforms.NearestNeighbors(storedColumnNames: "Grid").Fit(VectorValues.View(_mlContext)));

        AssertRefused( // the options end with the sizes
            "nearestNeighbors", content => [.. content[..^4], .. BitConverter.GetBytes(size)],
            "must hold valid fields. Got The sizes of a stored vector must be at least 1 and their product at most "
            + $"{Array.MaxLength}. Got [{shown}].");
    }

    [TestMethod]
    public void A_vector_without_its_last_value_is_refused()
    {
        Save(_mlContext.Transforms.NearestNeighbors(storedColumnNames: "Grid").Fit(VectorValues.View(_mlContext)));

        AssertRefused(
            "values", content => content[..^4],
            "must hold valid fields. Got Unable to read beyond the end of the stream.");
    }

    [TestMethod]
    public void A_false_count_of_columns_asks_for_no_memory()
    {
        Save(Places.Fit(_mlContext, Places.Corners, Places.Options with { StoredColumnNames = [] }));

        AssertRefused(
            "nearestNeighbors",
            content => [.. content[..^4], 0xff, 0xff, 0xff, 0x7f],
            "must hold valid fields. Got Unable to read beyond the end of the stream.");
    }

    private void AssertRefused(string name, Func<byte[], byte[]> change, string expected, string? section = null)
    {
        Exception error = LoadError(file => ForgedSections.Replace(file, name, change));

        Assert.IsInstanceOfType<InvalidDataException>(error);
        StringAssert.StartsWith(error.Message, $"Section '{section ?? name}' of the memory file, at byte ");
        StringAssert.EndsWith(error.Message, $", {expected}");
    }

    private void Save(NearestNeighborsTransformer lookup)
        => _mlContext.Model.Save(lookup, Places.View(_mlContext, []).Schema, Good);

    private NearestNeighborsTransformer SaveAndLoad(NearestNeighborsTransformer lookup)
    {
        Save(lookup);
        return (NearestNeighborsTransformer)_mlContext.Model.Load(Good, out _);
    }

    private Exception LoadError(Func<byte[], byte[]> change)
    {
        Exception? error = TryLoad(change);
        Assert.IsNotNull(error, "the damaged file was loaded");
        return error;
    }

    private Exception? TryLoad(Func<byte[], byte[]> change)
    {
        ModelFiles.Rewrite(Good, Other, change);
        Exception? error = null;
        try
        {
            _mlContext.Model.Load(Other, out _);
        }
        catch (Exception caught)
        {
            error = caught;
        }

        File.Delete(Other);
        while (error is InvalidOperationException or TargetInvocationException or FormatException
            && error.InnerException is { } inner)
            error = inner;
        return error;
    }
}
