// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.RowMapping;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using Host = mlcore::Microsoft.ML;

[assembly: Host.LoadableClass(
    typeof(ITransformer),
    typeof(ImageLoadingTransformer),
    null,
    typeof(Host.SignatureLoadModel),
    "Pictures of files",
    ImageLoadingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Loads pictures from the files that a column of text names.</summary>
public sealed class ImageLoadingTransformer : ITransformer
{
    internal const string LoaderSignature = "ImageLoadingCompat";

    public readonly string ImageFolder;

    private static readonly ModelStream _stream = new("IMAGLOAC", LoaderSignature);

    internal ImageLoadingTransformer(string name, string source, string imageFolder)
    {
        Name = name;
        Source = source;
        ImageFolder = imageFolder;
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal string Name { get; }

    internal string Source { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) =>
        new MappedRowMapper(Bind(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx) => _stream.Save(ctx, writer =>
    {
        writer.Write(Name);
        writer.Write(Source);
        writer.Write(ImageFolder is not null);
        writer.Write(ImageFolder ?? "");
    });

    // The host calls it by its name and return type.
    private static ITransformer Create(IHostEnvironment environment, Host.ModelLoadContext ctx) =>
        _stream.Load(ctx, reader =>
        {
            string name = reader.ReadString();
            string source = reader.ReadString();
            bool hasFolder = reader.ReadBoolean();
            string folder = reader.ReadString();
            return new ImageLoadingTransformer(name, source, hasFolder ? folder : null);
        });

    private OneColumnMapping Bind(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        DataViewSchema.Column source = schema.GetColumnOrNull(Source) ?? throw HostErrors.MissingColumn(Source);
        if (source.Type is not TextDataViewType)
            throw HostErrors.Mismatch(Source, "String", source.Type.ToString());
        return new OneColumnMapping(
            schema, new DataViewSchema.DetachedColumn(Name, new ImageDataViewType()), source, CreateGetter);

        Delegate CreateGetter(DataViewRow row)
        {
            ValueGetter<ReadOnlyMemory<char>> path = row.GetGetter<ReadOnlyMemory<char>>(source);
            ReadOnlyMemory<char> text = default;
            return (ValueGetter<MLImage>)((ref MLImage image) =>
            {
                path(ref text);
                image = Load(text.ToString());
            });
        }
    }

    private MLImage Load(string path)
    {
        using FileStream file = File.OpenRead(ImageFolder is null ? path : Path.Combine(ImageFolder, path));
        return MLImage.CreateFromStream(file);
    }
}
