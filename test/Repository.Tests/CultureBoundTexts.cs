// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Microsoft.ML.Memory.Repository;

/// <summary>Finds methods that write a float or a double as the culture of the thread has it.</summary>
/// <remarks>
/// Reads the calls of a built assembly: holes of interpolated strings, <c>string.Join</c> and <c>ToString</c>. An
/// interpolated string within a hole of another is taken to end it; none of ours goes on after that with a fraction.
/// </remarks>
internal static class CultureBoundTexts
{
    private const byte FloatMark = 0x0C;
    private const byte DoubleMark = 0x0D;
    private const byte GenericMark = 0x15;
    private const byte ClassMark = 0x12; // of a parameter that is no string: the provider of a culture

    private static readonly Dictionary<short, OpCode> _codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Gives Type.Method of each, in the order of the assembly.</summary>
    public static List<string> In(string assembly)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        using var image = new PEReader(file);
        MetadataReader reader = image.GetMetadataReader();
        var found = new List<string>();
        foreach (MethodDefinition method in reader.MethodDefinitions.Select(reader.GetMethodDefinition))
        {
            if (method.RelativeVirtualAddress == 0) continue;
            MethodBodyBlock body = image.GetMethodBody(method.RelativeVirtualAddress);
            if (!WritesFraction(reader, body.GetILReader())) continue;
            TypeDefinition type = reader.GetTypeDefinition(method.GetDeclaringType());
            found.Add($"{reader.GetString(type.Name)}.{reader.GetString(method.Name)}");
        }

        return found;
    }

    private static bool WritesFraction(MetadataReader reader, BlobReader code)
    {
        bool isBound = false; // whether the interpolated string being written has no culture of its own
        while (code.RemainingBytes > 0)
        {
            OperandType operand = Next(ref code);
            if (operand != OperandType.InlineMethod)
            {
                code.Offset += Length(operand, code);
                continue;
            }

            (string owner, string name, byte[] types, byte[] signature) = Call(reader, code.ReadInt32());
            if (name == ".ctor" && owner.EndsWith("InterpolatedStringHandler", StringComparison.Ordinal))
                isBound = signature[1] == (owner[0] == 'D' ? 2 : 3); // parameters: lengths, where to, the culture
            else if (IsOfFraction(types) && (name == "Join" || (name == "AppendFormatted" && isBound)))
                return true;
            else if (name == "ToString" && owner is "Single" or "Double" && !signature.Contains(ClassMark))
                return true;
        }

        return false;
    }

    private static OperandType Next(ref BlobReader code)
    {
        byte first = code.ReadByte();
        return _codes[first == 0xFE ? (short)((first << 8) | code.ReadByte()) : first].OperandType;
    }

    private static int Length(OperandType operand, BlobReader code) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * code.ReadInt32()),
        _ => 4,
    };

    /// <summary>Names a method of another assembly, with its type arguments and signature as they are stored.</summary>
    private static (string Owner, string Name, byte[] Types, byte[] Signature) Call(MetadataReader reader, int token)
    {
        EntityHandle handle = MetadataTokens.EntityHandle(token);
        byte[] types = [];
        if (handle.Kind == HandleKind.MethodSpecification)
        {
            MethodSpecification generic = reader.GetMethodSpecification((MethodSpecificationHandle)handle);
            (handle, types) = (generic.Method, reader.GetBlobBytes(generic.Signature));
        }

        if (handle.Kind != HandleKind.MemberReference) return ("", "", [], []);
        MemberReference member = reader.GetMemberReference((MemberReferenceHandle)handle);
        string owner = member.Parent.Kind == HandleKind.TypeReference
            ? reader.GetString(reader.GetTypeReference((TypeReferenceHandle)member.Parent).Name)
            : "";
        return (owner, reader.GetString(member.Name), types, reader.GetBlobBytes(member.Signature));
    }

    /// <summary>Says whether a method has the one type argument float or double, or float? or double?.</summary>
    private static bool IsOfFraction(byte[] types)
        => types is [_, 1, FloatMark or DoubleMark] or [_, 1, GenericMark, .., 1, FloatMark or DoubleMark];
}
