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
    typeof(ImageResizingTransformer),
    null,
    typeof(Host.SignatureLoadModel),
    "Pictures of one size",
    ImageResizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Brings pictures to one size.</summary>
public sealed class ImageResizingTransformer : ITransformer
{
    internal const string LoaderSignature = "ImageResizingCompat";

    private static readonly ModelStream _stream = new("IMAGRESC", LoaderSignature);

    internal ImageResizingTransformer(string name, string source, ResizingFrame frame)
    {
        Name = name;
        Source = source;
        Frame = frame;
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal string Name { get; }

    internal string Source { get; }

    internal ResizingFrame Frame { get; }

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
        writer.Write(Frame.Type.Width);
        writer.Write(Frame.Type.Height);
        writer.Write((byte)Frame.Kind);
        writer.Write((byte)Frame.Anchor);
    });

    // The host calls it by its name and return type.
    private static ITransformer Create(IHostEnvironment environment, Host.ModelLoadContext ctx) =>
        _stream.Load(ctx, reader => new ImageResizingTransformer(
            reader.ReadString(),
            reader.ReadString(),
            new ResizingFrame(
                reader.ReadInt32(),
                reader.ReadInt32(),
                (ImageResizingEstimator.ResizingKind)reader.ReadByte(),
                (ImageResizingEstimator.Anchor)reader.ReadByte())));

    private OneColumnMapping Bind(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        DataViewSchema.Column source = schema.GetColumnOrNull(Source) ?? throw HostErrors.MissingColumn(Source);
        if (source.Type is not ImageDataViewType)
            throw HostErrors.Mismatch(Source, "Image", source.Type.ToString());
        return new OneColumnMapping(
            schema, new DataViewSchema.DetachedColumn(Name, Frame.Type), source, row => CreateGetter(row, source));
    }

    private ValueGetter<MLImage> CreateGetter(DataViewRow row, DataViewSchema.Column source)
    {
        ValueGetter<MLImage> getter = row.GetGetter<MLImage>(source);
        MLImage image = null;
        return (ref MLImage resized) =>
        {
            getter(ref image);
            if (image is null)
                throw new InvalidOperationException($"Column '{Source}' must hold a picture. Got none.");
            resized = Frame.Resize(image);
        };
    }
}
