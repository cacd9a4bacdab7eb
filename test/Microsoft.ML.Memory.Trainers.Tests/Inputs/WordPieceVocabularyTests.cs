// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.Inputs;

[TestClass]
public sealed class WordPieceVocabularyTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void DeleteFolder() => _folder.Dispose();

    [TestMethod]
    [DataRow("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\u2028b\n##c\n")]
    [DataRow("[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\na\u2028b\r\n##c")]
    public void Load_numbers_lines_from_zero(string content)
    {
        WordPieceVocabulary vocabulary = WordPieceVocabulary.Load(Write(content));

        Assert.HasCount(6, vocabulary.Pieces);
        Assert.AreEqual("0 1 2 3", $"{vocabulary.Padding} {vocabulary.Unknown} {vocabulary.Start} {vocabulary.End}");
        Assert.IsTrue(vocabulary.TryFind("a\u2028b", false, out int start));
        Assert.IsTrue(vocabulary.TryFind("c", true, out int continuation));
        Assert.IsFalse(vocabulary.TryFind("c", false, out _));
        Assert.AreEqual("4 5", $"{start} {continuation}");
    }

    [TestMethod]
    [DataRow("[PAD]\n[UNK]\n[CLS]\n", "The vocabulary of '#' must have a line [SEP]. Got 3 others.")]
    [DataRow("", "The vocabulary of '#' must have a line [UNK]. Got 0 others.")]
    [DataRow("a\nb\na\n", "Line 3 of '#' must differ from all others. Got 'a' again.")]
    [DataRow("##a\n##a\n", "Line 2 of '#' must differ from all others. Got '##a' again.")]
    public void Load_vocabularies_that_break_a_rule_are_refused(string content, string message)
    {
        string path = Write(content);

        Refusal.Assert<InvalidDataException>(message.Replace("#'", path + "'"), () => WordPieceVocabulary.Load(path));
    }

    [TestMethod]
    public void Load_a_line_without_end_is_refused()
    {
        string path = Write(new string('a', 1001));

        Refusal.Assert<InvalidDataException>(
            $"Line 1 of '{path}' must be at most 1000 letters long. Got 1001.", () => WordPieceVocabulary.Load(path));
    }

    [TestMethod]
    public void Load_other_bytes_are_refused()
    {
        string path = _folder.File("vocab.txt");
        File.WriteAllBytes(path, [0x61, 0xFF, 0x0A]);

        Refusal.Assert<InvalidDataException>(
            $"The vocabulary of '{path}' must be UTF-8. Got other bytes.", () => WordPieceVocabulary.Load(path));
    }

    [TestMethod]
    [DataRow("{}", null, true, true)]
    [DataRow("""{"do_lower_case": false}""", null, false, false)]
    [DataRow("""{"do_lower_case": true, "strip_accents": false}""", null, true, false)]
    [DataRow("""{"do_lower_case": false, "strip_accents": null}""", true, true, true)]
    [DataRow(null, false, false, false)]
    [DataRow(null, null, true, true)]
    public void Rules_follow_the_file_beside_unless_overridden(string? json, bool? asked, bool lower, bool strip)
    {
        string path = _folder.File("tokenizer_config.json");
        if (json is not null) File.WriteAllText(path, json);

        Assert.AreEqual(new WordPieceRules(lower, strip), WordPieceRules.Load(path, asked));
    }

    private string Write(string content)
    {
        string path = _folder.File("vocab.txt");
        File.WriteAllText(path, content);
        return path;
    }
}
