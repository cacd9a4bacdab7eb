// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using System.Text;
using Host.Behaviour.Tests.Harness;
using Host.Behaviour.Tests.Rows;
using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace Host.Behaviour.Tests.Fixtures;

/// <summary>Models as bytes: saved, looked into, altered and loaded.</summary>
public abstract class SaveLoadFixture : CaseFunctions
{
    protected static string conc => "TransformerChain/Model.key";

    protected readonly IDataView d;

    /// <summary>A chain in a chain as in the recording, but without a trainer: no case looks inside it.</summary>
    protected readonly ITransformer model;

    /// <summary>That chain, saved.</summary>
    protected readonly byte[] zip;

    /// <summary>One lone transformer, saved.</summary>
    protected readonly byte[] one;

    /// <summary>A custom mapping with a contract, saved.</summary>
    protected readonly byte[] cz;

    protected SaveLoadFixture()
    {
        d = V(ml, Pts());
        IEstimator<ITransformer> inner = ml.Transforms.Conversion.MapValueToKey("Label", "L")
            .Append(ml.Transforms.Concatenate("Features", "X", "Y"));
        model = inner.Append(ml.Transforms.Conversion.MapKeyToValue("Back", "Label")).Fit(d);
        zip = Saved(ml, model, d.Schema);
        one = Saved(ml, ml.Transforms.Concatenate("O", "X", "Y").Fit(d), d.Schema);
        IDataView xy = V(ml, new XY());
        cz = Saved(ml, ml.Transforms.CustomMapping(new DoubleX().GetMapping(), "doubleX").Fit(xy), xy.Schema);
    }

    protected static byte[] Saved(MLContext ml, ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        ml.Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    protected static object Load(byte[] bytes)
    {
        ITransformer model = new MLContext(0).Model.Load(new MemoryStream(bytes), out DataViewSchema schema);
        return new
        {
            model = model.GetType().Name,
            chain = model is IEnumerable<ITransformer> chain ? chain.Select(x => x.GetType().Name) : null,
            schema = schema == null ? null : ViewText.OfSchema(schema),
        };
    }

    protected static object Zip(byte[] bytes)
    {
        using var archive = new ZipArchive(new MemoryStream(bytes));
        return archive.Entries.Select(e => e.Name == "Version.txt"
            ? new { e.FullName, Length = (long?)null, head = "<host version text, one line>" }
            : new { e.FullName, Length = (long?)e.Length, head = Head(e) }).ToArray();
    }

    protected static byte[] Edit(byte[] bytes, Func<string, byte[], byte[]> edit)
    {
        var result = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(bytes)))
        using (var target = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in source.Entries)
            {
                if (edit(entry.FullName, Content(entry)) is not { } content)
                    continue;
                using Stream stream = target.CreateEntry(entry.FullName).Open();
                stream.Write(content);
            }
        }
        return result.ToArray();
    }

    protected byte[] Key(Func<byte[], byte[]> edit) => Edit(one, (name, b) => name == conc ? edit(b) : b);

    /// <summary>Where the three version numbers of the model key start.</summary>
    protected static int Sig(byte[] key) => key.AsSpan().IndexOf("CONCAT\0F"u8) + 8;

    protected static byte[] Repl(byte[] bytes, string from, string to) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace(from, to, StringComparison.Ordinal));

    protected static byte[] ReplU(byte[] bytes, string from, string to) => Repl(bytes, Wide(from), Wide(to));

    private static string Wide(string text) => Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(text));

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static string Head(ZipArchiveEntry entry) => string.Concat(Content(entry).Take(48)
        .Select(x => x is >= 32 and < 127 ? ((char)x).ToString() : $"<{x:x2}>"));
}
