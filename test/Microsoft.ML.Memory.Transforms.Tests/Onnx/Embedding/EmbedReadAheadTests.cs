// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;

/// <summary>Encoders that read rows while the network runs on those before, against encoders that do not.</summary>
[TestClass]
public sealed class EmbedReadAheadTests
{
    [TestInitialize]
    public void NeedRuntime() => OnnxHere.Require();

    [TestCleanup]
    public void SwitchOff() => AppContext.SetSwitch(EmbedMapping.ReadAheadSwitch, false);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(301)]
    public void Rows_and_what_passes_through_are_the_same(int count)
    {
        EmbedRow[] rows = Encoders.Draw(count, seed: 1);
        for (int row = 0; row < count; row++) rows[row].Label = $"row {row}";
        using EmbedOnnxTransformer encoder = Fit(rowCount: 7);

        string[] expected = ReadAll(encoder, rows);
        AppContext.SetSwitch(EmbedMapping.ReadAheadSwitch, true);

        CollectionAssert.AreEqual(expected, ReadAll(encoder, rows));
        Assert.HasCount(count, expected);
    }

    [TestMethod]
    public void Tokens_of_any_length_give_the_same()
    {
        EmbedRow[] rows = [.. Enumerable.Range(0, 90).Select(row => new EmbedRow
        {
            Ids = [.. Enumerable.Range(0, 1 + (row % 5)).Select(token => (long)((row + token) % 4))],
        })];
        using EmbedOnnxTransformer encoder = Encoders.Fit(Encoders.Options(TinyNetwork.Words(), "Ids") with
        {
            BatchSize = 4,
            Pooling = EmbedPooling.Mean,
            Inputs = [new EmbedOnnxInput("input_ids", "Ids")],
        });

        float[][] expected = Encoders.Encode(encoder, rows);
        AppContext.SetSwitch(EmbedMapping.ReadAheadSwitch, true);

        Encoders.AssertSame(expected, Encoders.Encode(encoder, rows));
    }

    [TestMethod]
    [DataRow(3, 0)]
    [DataRow(100, 98)]
    public void A_row_that_cannot_be_read_fails_where_its_block_is_due(int broken, int served)
    {
        EmbedRow[] rows = Encoders.Draw(120, seed: 1);
        rows[broken].Ids = [];
        for (int row = 0; row < rows.Length; row++)
        {
            if (row != broken) rows[row].Ids = [1];
        }

        using EmbedOnnxTransformer encoder = Encoders.Fit(Encoders.Options(TinyNetwork.Words(), "Ids") with
        {
            BatchSize = 7,
            Pooling = EmbedPooling.Mean,
            Inputs = [new EmbedOnnxInput("input_ids", "Ids")],
        });
        foreach (bool isAhead in (bool[])[false, true])
        {
            AppContext.SetSwitch(EmbedMapping.ReadAheadSwitch, isAhead);
            IDataView view = encoder.Transform(Encoders.View(rows));
            using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
            for (int row = 0; row < served; row++) Assert.IsTrue(cursor.MoveNext(), $"row {row}, {isAhead}");

            foreach (int _ in (int[])[1, 2])
            {
                Exception error = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.MoveNext());
                Assert.AreEqual(
                    $"Column 'Ids' must hold at least one token in every row. Got none in row {broken}.",
                    error.Message);
                Assert.AreEqual(-1, cursor.Position);
            }
        }
    }

    [TestMethod]
    public void Disposing_early_waits_for_the_run_and_a_disposed_encoder_fails_in_its_place()
    {
        AppContext.SetSwitch(EmbedMapping.ReadAheadSwitch, true);
        EmbedRow[] rows = Encoders.Draw(100, seed: 1);
        for (int round = 0; round < 20; round++)
        {
            EmbedOnnxTransformer encoder = Fit(rowCount: 8);
            IDataView view = encoder.Transform(Encoders.View(rows));
            DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
            Assert.IsTrue(cursor.MoveNext());
            if (round % 2 == 0) cursor.Dispose();
            encoder.Dispose();
            if (round % 2 == 0) continue;
            Assert.ThrowsExactly<ObjectDisposedException>(() =>
            {
                while (cursor.MoveNext())
                {
                }
            });
            cursor.Dispose();
        }
    }

    private static EmbedOnnxTransformer Fit(int rowCount)
        => Encoders.Fit(Encoders.Options(TinyNetwork.Linear()) with { BatchSize = rowCount });

    /// <summary>Reads some rows twice and leaves the values of others out, as readers may.</summary>
    private static string[] ReadAll(EmbedOnnxTransformer encoder, EmbedRow[] rows)
    {
        IDataView view = encoder.Transform(Encoders.View(rows));
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<VBuffer<float>> code = cursor.GetGetter<VBuffer<float>>(view.Schema["Code"]);
        ValueGetter<ReadOnlyMemory<char>> label = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Label"]);
        ValueGetter<DataViewRowId> id = cursor.GetIdGetter();
        var lines = new List<string>();
        VBuffer<float> codes = default;
        ReadOnlyMemory<char> text = default;
        DataViewRowId rowId = default;
        while (cursor.MoveNext())
        {
            label(ref text);
            id(ref rowId);
            int times = cursor.Position % 3 == 0 ? 2 : (int)(cursor.Position % 3);
            for (int time = 0; time < times; time++) code(ref codes);
            lines.Add($"{cursor.Position} {rowId} {text} {string.Join(' ', codes.DenseValues())}");
        }

        return [.. lines];
    }
}
