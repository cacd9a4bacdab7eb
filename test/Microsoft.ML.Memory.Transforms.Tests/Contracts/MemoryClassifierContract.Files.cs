// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Contracts;

public abstract partial class MemoryClassifierContract
{
    [TestMethod]
    public void Any_flipped_byte_of_a_saved_model_is_noticed()
    {
        string good = Save(Fit(Points.Draw(12, seed: 1)), "good.zip");
        string bad = Path.Combine(_folder, "bad.zip");
        int length = ModelFiles.MemoryStreamOf(good).Length;

        // A prime step meets every field of the sections, at some byte of it.
        for (int offset = 0; offset < length; offset += length > 2000 ? 31 : 1)
        {
            ModelFiles.Rewrite(good, bad, bytes =>
            {
                bytes[offset] ^= 0x40;
                return bytes;
            });

            AssertInvalidData(bad, $"byte {offset}");
            File.Delete(bad);
        }
    }

    [TestMethod]
    public void Forged_content_with_right_checksums_is_refused_or_gives_scores()
    {
        IDataView train = Points.Keyed(_mlContext, Points.Draw(30, seed: 1));
        string good = Save(CreateTrainer(_mlContext).Fit(train), "good.zip");
        string bad = Path.Combine(_folder, "bad.zip");
        byte[] stream = ModelFiles.MemoryStreamOf(good);
        string[] sections = [.. ForgedSections.Names(stream).Where(name => name.Length > 0)];
        var random = new Random(5);
        for (int round = 0; round < 200; round++)
        {
            string section = sections[random.Next(sections.Length)];
            byte[] forged = ForgedSections.Replace(stream, section, content => Forge(content, random));
            ModelFiles.Rewrite(good, bad, _ => forged);

            AssertRefusedOrScored(bad, $"round {round}, section {section}");
            File.Delete(bad);
        }
    }

    private void AssertInvalidData(string path, string what)
    {
        Exception? error = null;
        try
        {
            _mlContext.Model.Load(path, out _);
        }
        catch (Exception caught)
        {
            error = caught;
        }

        while (error is not (null or InvalidDataException)) error = error.InnerException;
        Assert.IsNotNull(error, $"{what} was loaded, or refused by another error");
    }

    private static byte[] Forge(byte[] content, Random random)
    {
        byte[] forged = [.. content];
        int place = forged.Length == 0 ? 0 : random.Next(forged.Length);
        switch (random.Next(4))
        {
            case 0 when forged.Length > 0:
                forged[place] = (byte)random.Next(256);
                return forged;
            case 1:
                byte filler = random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F;
                forged.AsSpan(place, Math.Min(8, forged.Length - place)).Fill(filler);
                return forged;
            case 2:
                return forged[..place];
            default:
                return [.. forged, .. new byte[random.Next(1, 9)]];
        }
    }

    private void AssertRefusedOrScored(string path, string what)
    {
        ITransformer loaded;
        try
        {
            loaded = _mlContext.Model.Load(path, out _);
        }
        catch (Exception error)
        {
            Exception? root = error;
            while (root is not (null or InvalidDataException)) root = root.InnerException;
            Assert.IsNotNull(root, $"{what}: {error}");
            return;
        }

        // A forged name of a column is as good as any other.
        IDataView rows = Points.View(_mlContext, Points.Draw(3, seed: 2));
        try
        {
            loaded.GetOutputSchema(rows.Schema);
        }
        catch (ArgumentException)
        {
            return;
        }

        foreach (float[] scores in loaded.Transform(rows).GetColumn<float[]>("Score"))
            Assert.IsTrue(Array.TrueForAll(scores, float.IsFinite), what);
    }
}
