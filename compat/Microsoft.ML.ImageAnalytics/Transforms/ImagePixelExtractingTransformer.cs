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
    typeof(ImagePixelExtractingTransformer),
    null,
    typeof(Host.SignatureLoadModel),
    "Pixels of pictures",
    ImagePixelExtractingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes vectors of the pixels of pictures that are all of one size.</summary>
public sealed class ImagePixelExtractingTransformer : ITransformer
{
    internal const string LoaderSignature = "ImagePixelsCompat";

    private static readonly ModelStream _stream = new("IMAGPIXC", LoaderSignature);

    internal ImagePixelExtractingTransformer(string name, string source, PixelLayout layout)
    {
        Name = name;
        Source = source;
        Layout = layout;
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal string Name { get; }

    internal string Source { get; }

    internal PixelLayout Layout { get; }

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
        writer.Write((byte)Layout.Colors);
        writer.Write((byte)Layout.Order);
        writer.Write(Layout.IsInterleaved);
        writer.Write(Layout.Offset);
        writer.Write(Layout.Scale);
        writer.Write(Layout.IsFloat);
    });

    // The host calls it by its name and return type.
    private static ITransformer Create(IHostEnvironment environment, Host.ModelLoadContext ctx) =>
        _stream.Load(ctx, reader => new ImagePixelExtractingTransformer(
            reader.ReadString(),
            reader.ReadString(),
            new PixelLayout(
                (ImagePixelExtractingEstimator.ColorBits)reader.ReadByte(),
                (ImagePixelExtractingEstimator.ColorsOrder)reader.ReadByte(),
                reader.ReadBoolean(),
                reader.ReadSingle(),
                reader.ReadSingle(),
                reader.ReadBoolean())));

    private OneColumnMapping Bind(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        DataViewSchema.Column source = schema.GetColumnOrNull(Source) ?? throw HostErrors.MissingColumn(Source);
        if (source.Type is not ImageDataViewType { Height: > 0 } image)
            throw HostErrors.Mismatch(Source, "image of known size", source.Type.ToString());
        VectorDataViewType type = Layout.TypeFor(image);
        return new OneColumnMapping(
            schema, new DataViewSchema.DetachedColumn(Name, type), source, row => CreateGetter(row, source, type.Size));
    }

    private Delegate CreateGetter(DataViewRow row, DataViewSchema.Column source, int size)
    {
        var type = (ImageDataViewType)source.Type;
        ValueGetter<MLImage> getter = row.GetGetter<MLImage>(source);
        MLImage image = null;
        if (!Layout.IsFloat)
        {
            return (ValueGetter<VBuffer<byte>>)((ref VBuffer<byte> buffer) =>
            {
                getter(ref image);
                VBufferEditor<byte> editor = VBufferEditor.Create(ref buffer, size);
                Layout.Extract(Checked(image, type), editor.Values);
                buffer = editor.Commit();
            });
        }
        byte[] values = new byte[size];
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> buffer) =>
        {
            getter(ref image);
            Layout.Extract(Checked(image, type), values);
            VBufferEditor<float> editor = VBufferEditor.Create(ref buffer, size);
            for (int i = 0; i < values.Length; i++)
                editor.Values[i] = (values[i] - Layout.Offset) * Layout.Scale;
            buffer = editor.Commit();
        });
    }

    private MLImage Checked(MLImage image, ImageDataViewType type) =>
        image is not null && image.Height == type.Height && image.Width == type.Width
            ? image
            : throw new InvalidOperationException(
                $"A picture in column '{Source}' must be {type.Height} high and {type.Width} wide. Got " +
                (image is null ? "none." : $"{image.Height} and {image.Width}."));
}
