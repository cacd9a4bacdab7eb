// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads text files whose lines are rows and whose fields are set apart by separators.</summary>
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    private readonly IHost _host;
    private readonly Options _options;
    private readonly TextColumn[] _columns;
    private readonly DataViewSchema _schema;

    internal TextLoader(IHostEnvironment environment, Options options, IMultiStreamSource dataSample)
    {
        _host = environment.Register(nameof(TextLoader));
        _options = new Options(Marked.NotNull(options, nameof(options))).Check();
        TextSample sample = dataSample is null ? null : TextSample.Read(_options, dataSample);
        _columns = TextColumn.Bind(_options, sample);
        var builder = new DataViewSchema.Builder();
        foreach (TextColumn column in _columns)
            builder.AddColumn(column.Name, column.Type, column.MakeAnnotations(sample));
        _schema = builder.ToSchema();
    }

    public DataViewSchema GetOutputSchema() => _schema;

    public IDataView Load(IMultiStreamSource source) =>
        new TextView(_host, _schema, _columns, _options, Marked.NotNull(source, nameof(source)));

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw _host.ExceptNotSupported("A text loader must not be saved: save the model with the schema of its input");
}
