// Licensed under the MIT License. See LICENSE in the project root for license information.

using Host.Behaviour.Tests.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Fixtures;

/// <summary>The areas whose cases share little: the values that their text names.</summary>
public abstract class VBufferFixture : CaseFunctions;

/// <summary>Two rows of X and Y, and a schema with annotations.</summary>
public abstract class SchemaFixture : CaseFunctions
{
    protected readonly IDataView en;

    protected SchemaFixture() => en = V(ml, new XY { X = 1, Y = 2 }, new XY { X = 3, Y = 4 });

    protected static DataViewSchema withAnn()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("N", NumberDataViewType.Int32, 5);
        annotations.AddPrimitiveValue("P", BooleanDataViewType.Instance, true);
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> names) => names = Tx("a", "b"));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("v", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        return builder.ToSchema();
    }
}

/// <summary>Two rows of X and Y to create objects from.</summary>
public abstract class EnumerableFixture : CaseFunctions
{
    protected readonly IDataView src;

    protected EnumerableFixture() => src = V(ml, new XY { X = 1, Y = 2 }, new XY { X = 3, Y = 4 });
}

/// <summary>Twenty rows.</summary>
public abstract class RowsFixture : CaseFunctions
{
    protected readonly IDataView v;

    protected RowsFixture() => v = Rows20(ml);
}

/// <summary>A context for the splits.</summary>
public abstract class SplitsFixture : CaseFunctions
{
    protected readonly MLContext m = new(0);
}

/// <summary>Text files need nothing but the functions.</summary>
public abstract class TextLoaderFixture : CaseFunctions
{
    internal static object TL<T>(MLContext ml, string text, char sep = '\t', bool header = false, bool quote = false,
        bool trim = false, bool sparse = false) =>
        ml.Data.LoadFromTextFile<T>(File(NewName(), text), sep, header, quote, trim, sparse);

    protected static object TC(MLContext ml, string text, TextLoader.Options options) =>
        ml.Data.LoadFromTextFile(File(NewName(), text), options);

    private static string NewName() => "t" + Guid.NewGuid().ToString("n") + ".txt";
}

/// <summary>The context's own cases make what they need.</summary>
public abstract class ContextFixture : CaseFunctions
{
    protected static List<LoggingEventArgs> Log(Action<MLContext> action)
    {
        var events = new List<LoggingEventArgs>();
        var context = new MLContext(0);
        context.Log += (_, e) => events.Add(e);
        action(context);
        return events;
    }

    protected static object Sum(List<LoggingEventArgs> events) => new
    {
        total = events.Count,
        byKind = events.GroupBy(e => e.Kind.ToString()).ToDictionary(g => g.Key, g => g.Count()),
        sources = events.Select(e => e.Source).Distinct(),
        samples = events.DistinctBy(e => e.Message).Select(e => new { e.Source, e.Message, e.RawMessage }),
    };
}
