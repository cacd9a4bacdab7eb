// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>
/// Which primitive types convert to which: numbers to wider numbers of their kind and to reals, Booleans to numbers,
/// reals to Booleans, numbers to and from text, keys to keys.
/// </summary>
internal static class ValueConversions
{
    private static readonly Dictionary<(Type Source, Type Target), Delegate> _converters = MakeAll();

    /// <summary>The function from one type to the other, or null where there is none.</summary>
    public static Delegate Find(DataViewType source, DataViewType target)
    {
        if (source is KeyDataViewType != target is KeyDataViewType)
            return null;
        return _converters.GetValueOrDefault((source.RawType, target.RawType));
    }

    private static Dictionary<(Type Source, Type Target), Delegate> MakeAll()
    {
        var all = new Dictionary<(Type, Type), Delegate>();
        AddNumber<sbyte>(all, typeof(short), typeof(int), typeof(long));
        AddNumber<short>(all, typeof(int), typeof(long));
        AddNumber<int>(all, typeof(long));
        AddNumber<long>(all);
        AddNumber<byte>(all, typeof(ushort), typeof(uint), typeof(ulong));
        AddNumber<ushort>(all, typeof(uint), typeof(ulong));
        AddNumber<uint>(all, typeof(ulong));
        AddNumber<ulong>(all);
        AddNumber<float>(all);
        AddNumber<double>(all);
        Add<float, bool>(all, (in value) => value != 0);
        Add<double, bool>(all, (in value) => value != 0);
        Add<bool, bool>(all, (in value) => value);
        Add<ReadOnlyMemory<char>, ReadOnlyMemory<char>>(all, (in value) => value);
        Add<ReadOnlyMemory<char>, bool>(all, (in value) => TextParsing.Flag(value.Span, out bool flag) && flag);
        AddReal<float>(all);
        AddReal<double>(all);
        return all;
    }

    private static void AddNumber<TNumber>(Dictionary<(Type, Type), Delegate> all, params Type[] wider)
        where TNumber : struct, INumberBase<TNumber>
    {
        Add<TNumber, TNumber>(all, (in value) => value);
        Add<TNumber, float>(all, (in value) => float.CreateTruncating(value));
        Add<TNumber, double>(all, (in value) => double.CreateTruncating(value));
        Add<TNumber, ReadOnlyMemory<char>>(all, (in value) => TextFormat.Write(value));
        Add<bool, TNumber>(all, (in value) => value ? TNumber.One : TNumber.Zero);
        if (TextParsing.Find(typeof(TNumber)) is TextParsing.Parser<TNumber> parse)
            Add<ReadOnlyMemory<char>, TNumber>(all, (in value) => ParseStrictly(value, parse));
        foreach (Type type in wider)
        {
            all[(typeof(TNumber), type)] = Generic.Call<Delegate>(
            typeof(ValueConversions), nameof(Widen), [typeof(TNumber), type]);
        }
    }

    private static void AddReal<TReal>(Dictionary<(Type, Type), Delegate> all)
        where TReal : struct, IFloatingPointIeee754<TReal> =>
        Add<ReadOnlyMemory<char>, TReal>(all, (in value) =>
        {
            TextParsing.Real(value.Span, out TReal real);
            return real;
        });

    private static VectorMap.Function<TSource, TTarget> Widen<TSource, TTarget>()
        where TSource : INumberBase<TSource>
        where TTarget : INumberBase<TTarget> => (in value) => TTarget.CreateChecked(value);

    private static TNumber ParseStrictly<TNumber>(ReadOnlyMemory<char> text, TextParsing.Parser<TNumber> parse) =>
        parse(text.Span, out TNumber number)
            ? number
            : throw Marked.Operation($"Value could not be parsed from text to {NameOf(typeof(TNumber))}.");

    private static void Add<TSource, TTarget>(
        Dictionary<(Type, Type), Delegate> all, VectorMap.Function<TSource, TTarget> convert) =>
        all[(typeof(TSource), typeof(TTarget))] = convert;

    private static string NameOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.SByte => "sbyte",
        TypeCode.Byte => "byte",
        TypeCode.Int16 => "short",
        TypeCode.UInt16 => "ushort",
        TypeCode.Int32 => "int",
        TypeCode.UInt32 => "uint",
        TypeCode.Int64 => "long",
        TypeCode.UInt64 => "ulong",
        _ => type.Name,
    };
}
