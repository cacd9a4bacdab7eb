// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>What is in the files, and what files are refused.</summary>
[TestClass]
public sealed class DurableFileTests
{
    private const string JournalName = DurableModels.Name + ".journal";

    private readonly MLContext _mlContext = new(seed: 0);
    private string _folder = "";

    private string PathOfModel => Path.Combine(_folder, DurableModels.Name);

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task After_compaction_no_byte_of_a_removed_entry_is_left()
    {
        float[] secret = [0.123456f, -0.654321f, 0.777777f];
        File.WriteAllBytes(PathOfModel, DurableModels.Visual(_mlContext));
        using DurableMemory memory = DurableMemory.Open(_mlContext, PathOfModel);
        await memory.AddAsync([1, 2, 3], "ant");
        await memory.AddAsync(secret, "nightingale", id: 0x1122334455667788);

        Assert.IsTrue(IsInFolder(BitConverter.GetBytes(secret[1])));
        await memory.CompactAsync();
        Assert.IsTrue(IsInFolder(BitConverter.GetBytes(secret[1])));
        await memory.RemoveAsync([0x1122334455667788]);
        await memory.DropEmptyClassesAsync();
        await memory.CompactAsync();

        foreach (float value in secret) Assert.IsFalse(IsInFolder(BitConverter.GetBytes(value)));
        Assert.IsFalse(IsInFolder(Encoding.UTF8.GetBytes("nightingale")));
        Assert.IsFalse(IsInFolder(Encoding.Unicode.GetBytes("nightingale")));
        Assert.IsFalse(IsInFolder(BitConverter.GetBytes(0x1122334455667788)));
        CollectionAssert.AreEquivalent(
            new[] { DurableModels.Name, JournalName, DurableModels.Name + ".lock" },
            Directory.GetFiles(_folder).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void The_old_journal_is_overwritten_before_it_goes()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        memory.AddAsync([1, 2, 3], "ant").Wait();
        int length = store.Files()[JournalName].Length;

        memory.CompactAsync().Wait();

        StoreEvent[] last = [.. store.Events.TakeLast(4)];
        CollectionAssert.AreEqual(
            new[] { StoreAction.Write, StoreAction.FlushFile, StoreAction.Delete, StoreAction.FlushNames },
            last.Select(done => done.Action).ToArray());
        Assert.IsGreaterThan(length, last[0].Bytes.Length);
        Assert.IsTrue(last[0].Bytes.All(value => value == 0));
        Assert.AreEqual(JournalName + ".old", last[2].Name);
    }

    [TestMethod]
    public void A_second_opening_is_refused_in_this_process_and_another()
    {
        File.WriteAllBytes(PathOfModel, DurableModels.Visual(_mlContext));
        string message = $"Memory '{PathOfModel}' must be open once at a time. Got it open already, in this process or "
            + $"another, which holds '{PathOfModel}.lock'. Close it there first.";
        using (DurableMemory memory = DurableMemory.Open(_mlContext, PathOfModel))
        {
            var error = Assert.ThrowsExactly<IOException>(() => DurableMemory.Open(_mlContext, PathOfModel));
            Assert.AreEqual(message, error.Message);
            Assert.AreEqual(message, Programs.Run("KilledProcess.dll", "open", PathOfModel).Single());
        }

        string link = Path.Combine(_folder, "link.zip");
        File.CreateSymbolicLink(link, PathOfModel);
        using (DurableMemory memory = DurableMemory.Open(_mlContext, link))
            Assert.AreEqual(message, Assert.ThrowsExactly<IOException>(
                () => DurableMemory.Open(_mlContext, PathOfModel)).Message);
        Assert.AreEqual("6", Programs.Run("KilledProcess.dll", "open", PathOfModel).Single());
    }

    [TestMethod]
    public void A_model_that_is_not_there_is_named()
    {
        string missing = Path.Combine(_folder, "none", "model.zip");

        var noFile = Assert.ThrowsExactly<FileNotFoundException>(() => DurableMemory.Open(_mlContext, PathOfModel));
        var noFolder = Assert.ThrowsExactly<FileNotFoundException>(() => DurableMemory.Open(_mlContext, missing));

        Assert.AreEqual(
            $"Model '{PathOfModel}' must be there. Got none. Save a model with mlContext.Model.Save first.",
            noFile.Message);
        Assert.AreEqual($"The folder of model '{missing}' must be there. Got none.", noFolder.Message);
    }

    [TestMethod]
    public void A_journal_of_another_model_is_refused()
    {
        Dictionary<string, byte[]> files = History();
        files[DurableModels.Name] = DurableModels.Visual(_mlContext, count: 5);

        Refuse(
            files,
            "Journal 'model.zip.journal' must go on from the model file beside it. Got one that goes on from "
            + "another. Put its model file back; or move the journal away, which gives its changes up.");
    }

    [TestMethod]
    public void Damage_is_told_from_a_torn_end_and_nothing_is_changed()
    {
        Dictionary<string, byte[]> files = History();
        byte[] journal = files[JournalName];
        journal[100] ^= 1;

        string message = Refuse(files, null);
        Assert.MatchesRegex(
            "^Journal 'model.zip.journal' must be whole up to its last record. Got a damaged record at byte [0-9]+ and "
            + "another record at byte [0-9]+. Nothing was changed; restore the file from a copy.$",
            message);
    }

    [TestMethod]
    public void A_torn_end_is_cut_off_and_said_so()
    {
        Dictionary<string, byte[]> files = History();
        files[JournalName] = [.. files[JournalName], 1, 2, 3];
        var store = new MemoryStore(files);
        List<string> log = [];
        var mlContext = new MLContext(seed: 0);
        mlContext.Log += (_, said) => log.Add(said.RawMessage);

        using DurableMemory memory = DurableModels.Open(mlContext, store);

        Assert.AreEqual(3L, memory.ReplayedCount);
        Assert.AreEqual(files[JournalName].Length - 3, store.Files()[JournalName].Length);
        Assert.Contains(
            "The journal of memory 'model.zip' should end with a whole record. Got 3 bytes of one that was never "
            + "acknowledged; they were cut off.",
            log);
    }

    [TestMethod]
    public void The_last_record_is_written_again()
    {
        Dictionary<string, byte[]> files = History();
        var store = new MemoryStore(files);

        DurableModels.Open(_mlContext, store).Dispose();

        CollectionAssert.AreEqual(
            new[] { StoreAction.Write, StoreAction.FlushFile }, store.Events.Select(done => done.Action).ToArray());
        StoreEvent written = store.Events[0];
        Assert.IsGreaterThan(JournalRecord.FrameBytes, written.Bytes.Length);
        Assert.AreEqual(files[JournalName].Length, written.Offset + written.Bytes.Length);
        CollectionAssert.AreEqual(files[JournalName], store.Files()[JournalName]);
    }

    [TestMethod]
    public void Any_flip_or_cut_of_a_journal_is_refused_or_gives_a_former_state()
    {
        Dictionary<string, byte[]> files = History();
        HashSet<int> counts = [6, 7, 8, 9];
        Config config = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20_261_121, 11);

        FsCheck.Check.One(config, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            byte[] journal = [.. files[JournalName]];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
                journal[random.Next(journal.Length)] ^= (byte)random.Next(1, 256);
            if (random.Next(3) == 0) journal = journal[..random.Next(journal.Length)];
            if (random.Next(4) == 0) random.NextBytes(journal.AsSpan(random.Next(journal.Length)));
            var store = new MemoryStore(new Dictionary<string, byte[]>(files) { [JournalName] = journal });
            try
            {
                using DurableMemory memory = DurableModels.Open(_mlContext, store);
                return counts.Contains(memory.Count);
            }
            catch (InvalidDataException)
            {
                return store.Events.Count == 0;
            }
        }));
    }

    [TestMethod]
    public void Any_bytes_as_a_change_are_refused_or_read()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20_261_121, 13);
        byte[][] valid =
        [
            [.. ChangeFormat.Write(new RemoveChange([1, 2], false)).Content.Span],
            [.. ChangeFormat.Write(new AdaptChange([1, 2, 3])).Content.Span],
            [.. ChangeFormat.Write(
                new AddChange(new ChangeLabels(null, [3], [0]), [1, 2]) { Ids = [7], Weights = [1] }).Content.Span],
        ];

        FsCheck.Check.One(config, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            byte[] content = [.. valid[random.Next(valid.Length)]];
            for (int flips = random.Next(4); flips > 0; flips--)
                content[random.Next(content.Length)] = (byte)random.Next(256);
            if (random.Next(2) == 0) random.NextBytes(content);
            var change = new JournalChange((byte)random.Next(8), content);
            try
            {
                MemoryChange read = ChangeFormat.Read(change);
                return ChangeFormat.Write(read) is var again
                    && ChangeFormat.Read(again).GetType() == read.GetType()
                    && again.Kind == change.Kind;
            }
            catch (InvalidDataException)
            {
                return true;
            }
        }));
    }

    [TestMethod]
    public void A_record_whose_changes_do_not_fit_the_memory_is_refused()
    {
        foreach ((MemoryChange change, string reason) in new (MemoryChange, string)[]
        {
            (new RemoveChange([77], false), "ids must be stored. Got 77, which is not."),
            (new AdaptChange([1, 2, 3]), "DurableMemory must hold an adaptive memory for that. Got a visual memory. "
                + "Use its Model, or train AdaNpc."),
            (new AddChange(new ChangeLabels(Data.TextDataViewType.Instance, ["ant"], [0]), [1, 2]),
                "features must be [1, 3] to match the memory. Got 2 values."),
            (new AddChange(new ChangeLabels(null, [1], [0]), [1, 2, 3]),
                "labels must be of the type of the memory's classes, String. Got key without values."),
        })
        {
            MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
            DurableModels.Open(_mlContext, store).Dispose();
            using (Journal journal = Journal.Open(store, JournalName)) journal.Append([ChangeFormat.Write(change)]);

            Refuse(store.Files(), $"The changes from 1 on in journal 'model.zip.journal' must fit the memory. Got: "
                + $"{reason}");
        }
    }

    /// <summary>Three changes that add an entry each.</summary>
    private Dictionary<string, byte[]> History()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        for (int change = 0; change < 3; change++) memory.AddAsync([change, 1, 2], "ant").Wait();
        return store.Files();
    }

    private string Refuse(Dictionary<string, byte[]> files, string? message)
    {
        var store = new MemoryStore(files);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => DurableModels.Open(_mlContext, store));
        if (message is not null) Assert.AreEqual(message, error.Message);
        Assert.IsEmpty(store.Events);
        return error.Message;
    }

    /// <summary>Looks for bytes in every file of the folder and in everything that archives among them hold.</summary>
    private bool IsInFolder(byte[] needle)
    {
        foreach (string path in Directory.GetFiles(_folder))
        {
            if (path.EndsWith(".lock", StringComparison.Ordinal)) continue;
            if (File.ReadAllBytes(path).AsSpan().IndexOf(needle) >= 0) return true;
            if (!path.EndsWith(".zip", StringComparison.Ordinal)) continue;
            using ZipArchive archive = ZipFile.OpenRead(path);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                using Stream stream = entry.Open();
                using var content = new MemoryStream();
                stream.CopyTo(content);
                if (content.ToArray().AsSpan().IndexOf(needle) >= 0) return true;
            }
        }

        return false;
    }
}
