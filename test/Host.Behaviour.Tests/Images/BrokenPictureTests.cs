// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Images;

/// <summary>What is no picture is refused; what is damaged is refused or, by the real host, made the best of.</summary>
[TestClass]
public sealed class BrokenPictureTests
{
    private static readonly byte[] _png =
        Png.Of(16, 16, Png.Rgb, 8, [.. Enumerable.Range(0, 768).Select(i => (byte)i)]);

    [TestInitialize]
    public void RequireDecoders() => Pictures.RequireDecoders();

    [TestMethod]
    public void CreateFromStream_no_stream_throws() =>
        Assert.ThrowsExactly<ArgumentNullException>(() => MLImage.CreateFromStream(null));

    [TestMethod]
    public void CreateFromFile_no_path_throws() =>
        Assert.ThrowsExactly<ArgumentNullException>(() => MLImage.CreateFromFile(null));

    // The message is the real host's, as users quote it.
    [TestMethod]
    public void CreateFromStream_text_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Pictures.Decode("no picture"u8.ToArray()));

        Assert.AreEqual("Invalid input stream contents (Parameter 'imageStream')", error.Message);
    }

    [TestMethod]
    public void CreateFromStream_nothing_is_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => Pictures.Decode([]));

    [TestMethod]
    public void CreateFromStream_header_alone_is_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => Pictures.Decode(_png[..20]));

    [TestMethod]
    [DataRow(int.MaxValue, int.MaxValue)]
    [DataRow(100_000, 100_000)]
    [DataRow(1, int.MaxValue)]
    [DataRow(0, 5)]
    [DataRow(5, 0)]
    [DataRow(-1, 5)]
    public void CreateFromStream_impossible_size_is_refused(int width, int height)
    {
        byte[] file = Png.File(Png.Header(width, height, Png.Rgba, 8, interlaced: false), [], new byte[1000]);

        Assert.ThrowsExactly<ArgumentException>(() => Pictures.Decode(file));
    }

    [TestMethod]
    public void CreateFromFile_missing_file_throws()
    {
        Exception error = Assert.Throws<Exception>(() => MLImage.CreateFromFile("no-such-folder/no-such-picture.png"));

        Assert.IsTrue(error is ArgumentException or IOException, $"{error}");
    }

    [TestMethod]
    public void CreateFromStream_any_damage_ends_in_a_picture_or_an_argument_error() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20_261_121, 7).WithMaxTest(300),
        Prop.ForAll(ArbMap.Default.ArbFor<(int At, byte Value, int Length)>(), damage =>
        {
            byte[] file = [.. _png];
            file[(int)((uint)damage.At % file.Length)] ^= damage.Value;
            return IsPictureOrRefused(file[..(int)((uint)damage.Length % (file.Length + 1))])
                && IsPictureOrRefused(file);
        }));

    private static bool IsPictureOrRefused(byte[] file)
    {
        try
        {
            using MLImage image = Pictures.Decode(file);
            return image.Pixels.Length == image.Width * image.Height * 4;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
