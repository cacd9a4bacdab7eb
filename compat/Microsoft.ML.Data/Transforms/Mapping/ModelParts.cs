// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What the models of several transformers begin with.</summary>
internal static class ModelParts
{
    public static VersionInfo Version<TTransformer>(string modelSignature, string loaderSignature) => new(
        modelSignature, 0x00010001, 0x00010001, 0x00010001, typeof(TTransformer).Assembly.FullName, loaderSignature);

    public static void WritePairs(ModelSaveContext ctx, InputOutputColumnPair[] pairs)
    {
        ctx.Writer.Write(pairs.Length);
        foreach (InputOutputColumnPair pair in pairs)
        {
            ctx.SaveNonEmptyString(pair.OutputColumnName);
            ctx.SaveNonEmptyString(pair.InputColumnName);
        }
    }

    public static InputOutputColumnPair[] ReadPairs(ModelLoadContext ctx)
    {
        var pairs = new InputOutputColumnPair[ReadCount(ctx.Reader, 1)];
        for (int i = 0; i < pairs.Length; i++)
        {
            string output = ctx.LoadNonEmptyString();
            pairs[i] = new InputOutputColumnPair(output, ctx.LoadNonEmptyString());
        }

        return pairs;
    }

    public static void WriteNames(ModelSaveContext ctx, string[] names)
    {
        ctx.Writer.Write(names.Length);
        Array.ForEach(names, ctx.SaveNonEmptyString);
    }

    public static string[] ReadNames(ModelLoadContext ctx)
    {
        var names = new string[ReadCount(ctx.Reader, 1)];
        for (int i = 0; i < names.Length; i++)
            names[i] = ctx.LoadNonEmptyString();
        return names;
    }

    /// <summary>Reads a count; one that the rest of the stream cannot hold is refused before memory is taken.</summary>
    public static int ReadCount(BinaryReader reader, int least)
    {
        int count = reader.ReadInt32();
        if (count < least)
            throw Marked.Format($"The model holds the count {count} where at least {least} was expected");
        if (reader.BaseStream.CanSeek && count > reader.BaseStream.Length - reader.BaseStream.Position)
            throw Marked.Format($"The model holds the count {count}, which is more than its size allows");
        return count;
    }

    public static TEnum ReadEnum<TEnum>(BinaryReader reader)
        where TEnum : struct, Enum
    {
        byte value = reader.ReadByte();
        var result = (TEnum)Enum.ToObject(typeof(TEnum), value);
        return Enum.IsDefined(result)
            ? result
            : throw Marked.Format($"The model holds the unknown {typeof(TEnum).Name} {value}");
    }

    public static IHostEnvironment Checked(IHostEnvironment environment, ModelLoadContext ctx, VersionInfo version)
    {
        Marked.NotNull(environment, nameof(environment));
        Marked.NotNull(ctx, nameof(ctx)).CheckAtModel(version);
        return environment;
    }

    public static void Start(ModelSaveContext ctx, VersionInfo version)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(version);
    }
}
