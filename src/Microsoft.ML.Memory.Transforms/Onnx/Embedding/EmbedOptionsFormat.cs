// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>The settings of an encoder and the inputs of its network, as fields of a file.</summary>
internal static class EmbedOptionsFormat
{
    private const int MostInputs = 256;
    private const int MostDims = 16;

    /// <summary>Fills a batch; no network was ever exported for more rows.</summary>
    private const int MostRows = 1 << 20;

    public static void Write(BinaryWriter fields, EmbedOnnxOptions options)
    {
        fields.Write(options.OutputColumnName);
        fields.Write(options.InputColumnName);
        fields.Write((int)options.Pooling);
        fields.Write(options.Normalize);
        fields.Write(options.BatchSize);
        fields.Write(options.FreeBatchDimension);
        fields.Write(options.ThreadCount ?? 0);
        fields.Write(options.GpuDeviceId ?? -1);
        fields.Write(options.FallbackToCpu switch { null => -1, false => 0, true => 1 });
        fields.Write(options.MaxImageBytes);
        fields.Write(options.MaxImagePixels);
        fields.Write(options.Image is not null);
        if (options.Image is { } image) Write(fields, image);
    }

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public static EmbedOnnxOptions Read(BinaryReader fields)
    {
        var options = new EmbedOnnxOptions
        {
            OutputColumnName = fields.ReadString(),
            InputColumnName = fields.ReadString(),
            Pooling = (EmbedPooling)fields.ReadInt32(),
            Normalize = fields.ReadBoolean(),
            BatchSize = fields.ReadInt32(),
            FreeBatchDimension = fields.ReadBoolean(),
            ThreadCount = fields.ReadInt32() is var threads && threads == 0 ? null : threads,
            GpuDeviceId = fields.ReadInt32() is var gpu && gpu == -1 ? null : gpu,
            FallbackToCpu = InRange(fields.ReadInt32(), -1, 1, "FallbackToCpu") is var fallback && fallback == -1
                ? null
                : fallback == 1,
            MaxImageBytes = fields.ReadInt32(),
            MaxImagePixels = fields.ReadInt32(),
            Image = fields.ReadBoolean() ? ReadImage(fields) : null,
        };
        options.ValidateWithoutModel();
        return options;
    }

    public static void Write(BinaryWriter fields, IReadOnlyList<NetworkInput> inputs, NetworkBatch batch)
    {
        fields.Write(batch.HasDimension);
        fields.Write(batch.Size ?? 0);
        fields.Write(inputs.Count);
        foreach (NetworkInput input in inputs)
        {
            fields.Write(input.Name);
            fields.Write((int)input.Type);
            fields.Write((int)input.Kind);
            fields.Write(input.ColumnName ?? "");
            fields.Write(input.Dims.Count);
            foreach (int dim in input.Dims) fields.Write(dim);
        }
    }

    /// <exception cref="FormatException">A field is out of its range.</exception>
    public static (NetworkInput[] Inputs, NetworkBatch Batch) ReadInputs(BinaryReader fields)
    {
        bool hasDimension = fields.ReadBoolean();
        int size = InRange(fields.ReadInt32(), 0, MostRows, "The batch of the network");
        var batch = new NetworkBatch(hasDimension, size == 0 ? null : size);
        if (!hasDimension && size != 1)
            throw new FormatException($"A network without a batch must take 1 row. Got {size}.");
        int count = InRange(fields.ReadInt32(), 1, MostInputs, "The number of inputs of the network");
        var inputs = new NetworkInput[count];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = ReadInput(fields, batch);
        return (inputs, batch);
    }

    private static NetworkInput ReadInput(BinaryReader fields, NetworkBatch batch)
    {
        string name = fields.ReadString();
        var type = (TensorElementType)fields.ReadInt32();
        var kind = (FeedKind)fields.ReadInt32();
        string column = fields.ReadString();
        int[] dims = new int[InRange(fields.ReadInt32(), 0, MostDims, "The number of dimensions of an input")];
        for (int i = 0; i < dims.Length; i++)
            dims[i] = InRange(fields.ReadInt32(), NetworkInput.AnyLength, Array.MaxLength, "A dimension");
        var input = new NetworkInput(name, type, dims, kind, column.Length == 0 ? null : column);
        bool hasColumn = kind is FeedKind.Tensor or FeedKind.Tokens or FeedKind.Image;
        bool mayBeOfAnyLength = kind is FeedKind.Tokens or FeedKind.Ones or FeedKind.Zeros;
        bool isValid = Enum.IsDefined(kind) && hasColumn == column.Length > 0 && !dims.Contains(0)
            && (mayBeOfAnyLength || !input.IsOfAnyLength)
            && (kind != FeedKind.Tokens || dims is [NetworkInput.AnyLength])
            && (kind != FeedKind.Image || dims.Length == 3)
            && !(input.IsOfAnyLength && batch.Size > 1);
        if (!isValid) throw new FormatException($"Input '{name}' must be fed by a column as it says. Got {kind}.");
        input.LengthOf(1);
        return input;
    }

    private static void Write(BinaryWriter fields, ImageInputOptions image)
    {
        fields.Write(image.Width ?? 0);
        fields.Write(image.Height ?? 0);
        fields.Write(image.Channels ?? 0);
        fields.Write((int)image.Layout);
        fields.Write((int)image.ChannelOrder);
        fields.Write(image.Scale);
        Write(fields, image.Mean);
        Write(fields, image.StandardDeviation);
        fields.Write((int)image.Resize);
        fields.Write(image.ShortestSide ?? 0);
        fields.Write((int)image.Filter);
    }

    private static ImageInputOptions ReadImage(BinaryReader fields) => new()
    {
        Width = NullIfZero(fields.ReadInt32()),
        Height = NullIfZero(fields.ReadInt32()),
        Channels = NullIfZero(fields.ReadInt32()),
        Layout = (ImageLayout)fields.ReadInt32(),
        ChannelOrder = (ImageChannelOrder)fields.ReadInt32(),
        Scale = fields.ReadDouble(),
        Mean = ReadNumbers(fields),
        StandardDeviation = ReadNumbers(fields),
        Resize = (ImageResize)fields.ReadInt32(),
        ShortestSide = NullIfZero(fields.ReadInt32()),
        Filter = (ImageFilter)fields.ReadInt32(),
    };

    private static void Write(BinaryWriter fields, IReadOnlyList<double> values)
    {
        fields.Write(values.Count);
        foreach (double value in values) fields.Write(value);
    }

    private static double[] ReadNumbers(BinaryReader fields)
    {
        var values = new double[InRange(
            fields.ReadInt32(), 0, ImageInputOptions.MostChannels, "The number of means or deviations")];
        for (int i = 0; i < values.Length; i++) values[i] = fields.ReadDouble();
        return values;
    }

    private static int? NullIfZero(int value) => value == 0 ? null : value;

    private static int InRange(int value, int least, int most, string what) => value >= least && value <= most
        ? value
        : throw new FormatException($"{what} must be in [{least}, {most}]. Got {value}.");
}
