// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

[TestClass]
public sealed class NeighborGroupsFileTests
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
    public void Groups_of_a_frozen_file_are_read()
    {
        string path = ModelFiles.FrozenPath("nearest-neighbors", "nearest-neighbors-v2.zip");

        ITransformer loaded = _mlContext.Model.Load(path, out _);

        CollectionAssert.AreEqual(
            Offers.Find(_mlContext, Offers.Fit(_mlContext, Offers.Line), Offers.Line),
            Offers.Find(_mlContext, loaded, Offers.Line));
    }

    [TestMethod]
    public void Load_then_save_gives_the_same_bytes_and_removed_groups_leave_none()
    {
        Offer[] more = [new() { Id = 90, Shop = "forget me" }, new() { Id = 91, Shop = "west" }];
        NearestNeighborsTransformer lookup = Offers.Fit(_mlContext, Offers.Line)
            .Add(Offers.View(_mlContext, more)).Remove(90, 11, 13);

        _mlContext.Model.Save(SaveAndLoad(lookup), null, Other);

        byte[] bytes = ModelFiles.MemoryStreamOf(Good);
        CollectionAssert.AreEqual(bytes, ModelFiles.MemoryStreamOf(Other));
        Assert.AreEqual(-1, bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes("forget me")));
        Assert.AreEqual(-1, bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes("south")));
        Assert.AreNotEqual(-1, bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes("west")));
    }

    [TestMethod]
    public void A_loaded_lookup_goes_on_as_the_saved_one()
    {
        NearestNeighborsTransformer lookup = Offers.Fit(_mlContext, Offers.Line[2..]).Remove(13);
        IDataView more = Offers.View(_mlContext, Offers.Line[..2]);

        NearestNeighborsTransformer loaded = SaveAndLoad(lookup);

        Assert.AreEqual("Shop", loaded.Options.GroupColumnName);
        CollectionAssert.AreEqual(
            Offers.Find(_mlContext, lookup.Add(more), Offers.Line),
            Offers.Find(_mlContext, loaded.Add(more), Offers.Line));
    }

    [TestMethod]
    public void Keys_without_key_values_survive()
    {
        NearestNeighborsTransformer lookup = _mlContext.Transforms.NearestNeighbors(
            new NearestNeighborsOptions { GroupColumnName = "Shop" }).Fit(NumberedOffer.View(_mlContext, 2, 0, 9, 2));

        long[][] found = [.. SaveAndLoad(lookup).Transform(NumberedOffer.View(_mlContext, 0, 1, 2, 9))
            .GetColumn<long[]>("NeighborIds")];

        CollectionAssert.AreEqual(
            new[] { "1", "", "0 3", "" }, found.Select(ids => string.Join(' ', ids)).ToArray());
    }

    [TestMethod]
    public void Only_lookups_in_groups_need_the_second_version()
    {
        Save(Offers.Fit(_mlContext, Offers.Line));
        byte[] inGroups = ModelFiles.MemoryStreamOf(Good);
        Save(Offers.Fit(_mlContext, Offers.Line, Offers.Options with { GroupColumnName = null }));
        byte[] together = ModelFiles.MemoryStreamOf(Good);

        CollectionAssert.AreEqual((byte[])[2, 0, 0, 0, 2, 0, 0, 0], inGroups[8..16]);
        CollectionAssert.AreEqual((byte[])[1, 0, 0, 0, 1, 0, 0, 0], together[8..16]);
        CollectionAssert.DoesNotContain(ForgedSections.Names(together), "groups");
    }

    [TestMethod]
    public void A_fresh_process_that_registers_nothing_keeps_to_the_groups()
    {
        Point[] queries = Points.Draw(40, seed: 2);
        IDataView train = Points.View(_mlContext, Points.Draw(150, seed: 1));
        ITransformer model = _mlContext.Transforms.Conversion.MapValueToKey("Group", "Label").Append(
            _mlContext.Transforms.NearestNeighbors(new NearestNeighborsOptions
            {
                IdColumnName = "Id",
                GroupColumnName = "Group",
                StoredColumnNames = ["Label"],
            })).Fit(train);
        _mlContext.Model.Save(model, train.Schema, Good);
        string input = Path.Combine(_folder, "rows.txt");
        File.WriteAllLines(input, queries.Select(point => string.Join(' ', point.Features.Select(
            value => value.ToString("R", CultureInfo.InvariantCulture))) + "|" + point.Label));

        string[] lines = Programs.Run("FreshProcess.dll", Good, input);

        string[][] labels = [.. model.Transform(Points.View(_mlContext, queries)).GetColumn<string[]>("NeighborLabel")];
        long[][] ids = [.. model.Transform(Points.View(_mlContext, queries)).GetColumn<long[]>("NeighborIds")];
        Assert.HasCount(queries.Length, lines);
        for (int row = 0; row < lines.Length; row++)
        {
            CollectionAssert.AreEqual(Enumerable.Repeat(queries[row].Label, 10).ToArray(), labels[row]);
            StringAssert.StartsWith(lines[row], string.Join(' ', ids[row]) + " ");
            StringAssert.EndsWith(lines[row], " " + string.Join(' ', labels[row]));
        }
    }

    [TestMethod]
    public void Any_flipped_byte_and_any_truncation_is_noticed()
    {
        Save(Offers.Fit(_mlContext, Offers.Line));
        int length = ModelFiles.MemoryStreamOf(Good).Length;
        for (int offset = 0; offset < length; offset++)
        {
            AssertRefused(bytes => [.. bytes[..offset], (byte)(bytes[offset] ^ 0x10), .. bytes[(offset + 1)..]]);
            AssertRefused(bytes => bytes[..offset]);
        }
    }

    [TestMethod]
    public void Random_content_of_any_section_is_noticed_or_harmless()
    {
        Save(Offers.Fit(_mlContext, Offers.Line));
        string[] names =
            [.. ForgedSections.Names(ModelFiles.MemoryStreamOf(Good)).Where(name => name != "").Distinct()];
        var random = new Random(1);
        for (int trial = 0; trial < 400; trial++)
        {
            Exception? error = TryLoad(file => ForgedSections.Replace(file, names[trial % names.Length], content =>
            {
                if (content.Length > 0) content[random.Next(content.Length)] = (byte)random.Next(256);
                return content;
            }));

            if (error is not null) Assert.IsInstanceOfType<InvalidDataException>(error, error.Message);
        }
    }

    [TestMethod]
    public void Forged_groups_are_refused_by_name()
    {
        Save(Offers.Fit(_mlContext, Offers.Line));
        byte[] north = [5, .. Encoding.Unicode.GetBytes("north")];

        AssertForged("groups", _ => [2, 0, 0, 0, .. north, .. north],
            "must hold valid fields. Got Groups must have values that differ, and none that is missing. "
            + "Got such a value of group 2.");
        AssertForged("groups", _ => [2, 0, 0, 0, 0, .. north],
            "must hold valid fields. Got Groups must have values that differ, and none that is missing. "
            + "Got such a value of group 1.");
        AssertForged("groups", _ => [255, 255, 255, 255],
            "must hold valid fields. Got Groups must be at least 0. Got -1.");
        AssertForged("groups", _ => [255, 255, 255, 127, .. north],
            "must hold valid fields. Got Unable to read beyond the end of the stream.");
        AssertForged("groups", _ => [1, 0, 0, 0, .. north],
            "must have a value for each of 2 groups of rows. Got 1.");
        AssertForged("nearestNeighbors", content => [.. content[..^1], 9],
            "must hold valid fields. Got Groups must be told by a known type. Got code 9.");
        AssertForged("nearestNeighbors", content => [.. content[..^1], 0, 0, 0, 0, 0, 0, 0, 0, 0],
            "must hold valid fields. Got Groups must be told by a known type. Got code 0.");
        AssertForged("nearestNeighbors", content => [.. content[..^6], 0, content[^1]],
            "must hold valid fields. Got NearestNeighborsOptions.GroupColumnName must be null or a column name. "
            + "Got an empty name.");
    }

    private void AssertForged(string name, Func<byte[], byte[]> change, string expected)
    {
        Exception? error = TryLoad(file => ForgedSections.Replace(file, name, change));

        Assert.IsInstanceOfType<InvalidDataException>(error);
        StringAssert.StartsWith(error.Message, $"Section '{name}' of the memory file, at byte ");
        StringAssert.EndsWith(error.Message, $", {expected}");
    }

    private void AssertRefused(Func<byte[], byte[]> change) =>
        Assert.IsInstanceOfType<InvalidDataException>(TryLoad(change));

    private Exception? TryLoad(Func<byte[], byte[]> change)
    {
        using var changed = new MemoryStream(change(ModelFiles.MemoryStreamOf(Good)));
        try
        {
            _ = NearestNeighborsFile.Read(changed, _mlContext);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private void Save(NearestNeighborsTransformer lookup) =>
        _mlContext.Model.Save(lookup, Offers.View(_mlContext, []).Schema, Good);

    private NearestNeighborsTransformer SaveAndLoad(NearestNeighborsTransformer lookup)
    {
        Save(lookup);
        return (NearestNeighborsTransformer)_mlContext.Model.Load(Good, out _);
    }
}
