// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Tests;

[TestClass]
public sealed class WholeTextTests
{
    [TestMethod]
    public void Is_tells_whether_a_text_was_cut()
    {
        string[] whole = ["", "café", "\uD83D\uDE00 \uD83D\uDE00", "\uD7FF\uE000\uFFFD"];
        string[] cut = ["cat \uD83D", "\uDE00cat", "\uDE00\uD83D", "\uD83D\uD83D\uDE00"];

        foreach (string text in whole) Assert.IsTrue(WholeText.Is(text), text);
        foreach (string text in cut) Assert.IsFalse(WholeText.Is(text), text);
    }

    [TestMethod]
    public void A_text_is_whole_where_utf8_keeps_it()
    {
        char[] characters = ['a', 'é', '\uD7FF', '\uD800', '\uDBFF', '\uDC00', '\uDFFF', '\uE000'];
        var random = new Random(20_261_122);
        for (int run = 0; run < 2000; run++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(6)).Select(
                _ => characters[random.Next(characters.Length)])]);

            Assert.AreEqual(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text, WholeText.Is(text));
        }
    }
}
