// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MemoryServe;

[TestClass]
public sealed class RowReaderTests
{
    private static readonly InputSchema _schema = Schema();

    [TestMethod]
    public void ReadOne_gives_back_every_row_bit_for_bit() => Prop
        .ForAll<float[], double, string>((floats, number, text) =>
        {
            long whole = BitConverter.DoubleToInt64Bits(number);
            float[] features = [.. floats.Where(float.IsFinite)];
            double single = double.IsFinite(number) ? number : 0;
            var row = new JsonObject
            {
                ["Text"] = text ?? "",
                ["Whole"] = whole,
                ["Number"] = single,
                ["Features"] = new JsonArray([.. features.Select(value => JsonValue.Create(value))]),
                ["Small"] = new JsonArray((byte)7, (byte)255),
                ["Truth"] = whole % 2 == 0,
            };

            object?[] values = Reader().ReadOne(Bytes(row.ToJsonString())).Values;

            return features.AsSpan().SequenceEqual((float[])values[0]!)
                && (double)values[1]! == single
                && (long)values[2]! == whole
                && values[3] is ReadOnlyMemory<char> read && read.Span.SequenceEqual(Sound(text ?? ""))
                && ((byte[])values[4]!).AsSpan().SequenceEqual((byte[])[7, 255])
                && (bool)values[5]! == (whole % 2 == 0);
        })
        .QuickCheckThrowOnFailure();

    [TestMethod]
    public void ReadMany_refuses_any_other_body_as_a_problem() => Prop
        .ForAll<byte[]>(body => Refuses(body))
        .QuickCheckThrowOnFailure();

    [TestMethod]
    public void ReadMany_refuses_a_body_that_is_cut_anywhere()
    {
        byte[] whole = Encoding.UTF8.GetBytes("""{"rows":[{"Features":[1,2.5],"Text":"\u00e4 ö"}]}""");

        Assert.HasCount(1, Reader().ReadMany(new ReadOnlySequence<byte>(whole)));
        for (int length = 0; length < whole.Length; length++) Assert.IsTrue(Refuses(whole[..length]));
    }

    [TestMethod]
    [DataRow("Small", "[256]", "an array of whole numbers from 0 to 255. Got another number at place 0.")]
    [DataRow("Small", "[-1]", "an array of whole numbers from 0 to 255. Got another number at place 0.")]
    [DataRow("Small", "[1.0]", "an array of whole numbers from 0 to 255. Got another number at place 0.")]
    [DataRow("Text", "1", "a text. Got another number.")]
    [DataRow("Text", "null", "a text. Got null.")]
    [DataRow("Truth", "{\"a\":[1]}", "true or false. Got an object.")]
    [DataRow("Number", "1e999", "a finite number. Got another number.")]
    [DataRow("Number", "true", "a finite number. Got a truth value.")]
    [DataRow("Features", "[[1]]", "an array of finite numbers. Got an array at place 0.")]
    public void ReadOne_says_what_a_column_must_be(string column, string value, string expected)
    {
        string features = column == "Features" ? "" : "\"Features\":[],";
        string row = $"{{{features}\"{column}\":{value}}}";

        var problem = Assert.ThrowsExactly<RequestProblem>(() => Reader().ReadOne(Bytes(row)));

        Assert.AreEqual($"Column '{column}' must be {expected}", problem.Errors!.Single().Message);
    }

    private static bool Refuses(byte[] body)
    {
        try
        {
            Reader().ReadMany(new ReadOnlySequence<byte>(body));
            return false;
        }
        catch (RequestProblem problem)
        {
            return problem.Status == 400;
        }
    }

    private static RowReader Reader() => new(_schema, extra: null, largestCount: 10);

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Gives a text as JSON carries it: half of a surrogate pair becomes a replacement character.</summary>
    private static string Sound(string text) => JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(text))!;

    private static InputSchema Schema()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single));
        builder.AddColumn("Number", NumberDataViewType.Double);
        builder.AddColumn("Whole", NumberDataViewType.Int64);
        builder.AddColumn("Text", TextDataViewType.Instance);
        builder.AddColumn("Small", new VectorDataViewType(NumberDataViewType.Byte));
        builder.AddColumn("Truth", BooleanDataViewType.Instance);
        return new InputSchema(builder.ToSchema(), [0]);
    }
}
