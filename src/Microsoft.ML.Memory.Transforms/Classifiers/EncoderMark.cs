// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>The annotation of a feature column that tells which encoder made it, and the check that memories make.
/// </summary>
/// <remarks>
/// Two marks must be the same where there are two. A column without one is taken: transforms of the host drop
/// annotations, and features need not come from an encoder of ours.
/// </remarks>
internal static class EncoderMark
{
    public const string Kind = "EncoderFingerprint";

    private const int Longest = 256;
    private const int Shown = 12;

    /// <summary>The shape of the annotations of a feature column with a mark.</summary>
    public static SchemaShape Shape => new([HostAccess.ShapeColumn(
        Kind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, isKey: false)]);

    /// <summary>Makes the annotations of a feature column.</summary>
    public static DataViewSchema.Annotations AnnotationsOf(string fingerprint)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(
            Kind,
            TextDataViewType.Instance,
            (ref ReadOnlyMemory<char> value) => value = fingerprint.AsMemory());
        return builder.ToAnnotations();
    }

    /// <summary>Gives the mark of a column; null where it has none.</summary>
    public static string? Of(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Kind)?.Type is not TextDataViewType) return null;
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(Kind, ref value);
        return value.Length is 0 or > Longest ? null : value.ToString();
    }

    /// <summary>Gives the mark of a column of a schema that was checked.</summary>
    public static string? Of(DataViewSchema schema, string columnName) => Of(schema[columnName]);

    /// <summary>Refuses a column with another mark than that of a memory.</summary>
    /// <exception cref="ArgumentException">The column has another one.</exception>
    public static DataViewSchema.Column Require(DataViewSchema.Column column, string? fingerprint)
    {
        if (fingerprint is null || Of(column) is not { } found || found == fingerprint) return column;
        throw new ArgumentException(
            $"Column '{column.Name}' must come from the encoder that the memory was trained behind, of fingerprint "
            + $"{Short(fingerprint)}. Got features of encoder {Short(found)}. "
            + "Use that encoder, or train the memory behind this one.");
    }

    /// <summary>Writes a mark at the end of a section, where there is one.</summary>
    public static void Write(BinaryWriter fields, string? fingerprint)
    {
        if (fingerprint is not null) fields.Write(fingerprint);
    }

    /// <summary>Reads the mark at the end of a section; null where the section ends before.</summary>
    /// <exception cref="FormatException">The mark is empty or too long.</exception>
    public static string? Read(BinaryReader fields)
    {
        // One byte cannot be a mark: it is left over, and the section says so.
        if (fields.BaseStream.Length - fields.BaseStream.Position < 2) return null;
        string mark = fields.ReadString();
        return mark.Length is >= 1 and <= Longest
            ? mark
            : throw new FormatException(
                $"The fingerprint of an encoder must have 1 to {Longest} letters. Got {mark.Length}.");
    }

    private static string Short(string fingerprint)
        => fingerprint.Length <= Shown ? fingerprint : fingerprint[..Shown] + "...";
}
