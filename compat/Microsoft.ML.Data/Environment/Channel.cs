// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Sends the messages of one activity to the context's log, with a note at its start and end.</summary>
internal sealed class Channel : IChannel
{
    private readonly HostNode _host;
    private readonly string _name;
    private readonly string _source;
    private readonly long _started = Stopwatch.GetTimestamp();
    private bool _disposed;

    public Channel(HostNode host, string name)
    {
        _host = host;
        _name = name;
        _source = host.Name is null ? name : $"{host.FullName}; {name}";
        Write(ChannelMessageKind.Trace, "Channel started");
    }

    public string ContextDescription => _source;

    public void Send(ChannelMessage msg) => Write(msg.Kind, msg.Message);

    public void Trace(MessageSensitivity sensitivity, string fmt) => Write(ChannelMessageKind.Trace, fmt);

    public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Write(ChannelMessageKind.Trace, Format(fmt, args));

    public void Info(MessageSensitivity sensitivity, string fmt) => Write(ChannelMessageKind.Info, fmt);

    public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Write(ChannelMessageKind.Info, Format(fmt, args));

    public void Warning(MessageSensitivity sensitivity, string fmt) => Write(ChannelMessageKind.Warning, fmt);

    public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Write(ChannelMessageKind.Warning, Format(fmt, args));

    public void Error(MessageSensitivity sensitivity, string fmt) => Write(ChannelMessageKind.Error, fmt);

    public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Write(ChannelMessageKind.Error, Format(fmt, args));

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        ex.Data["Throwing component"] = _host.Name;
        ex.Data["Parent component"] = _host.ParentName;
        ex.Data["Phase"] = _name;
        return ex;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Write(ChannelMessageKind.Trace, $"Channel finished. Elapsed {Stopwatch.GetElapsedTime(_started):c}.");
        Write(ChannelMessageKind.Trace, "Channel disposed");
    }

    private void Write(ChannelMessageKind kind, string message) => _host.Log(kind, _source, message);

    private static string Format(string format, object[] args) =>
        string.Format(CultureInfo.InvariantCulture, format, args);
}
