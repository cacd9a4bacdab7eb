// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>One log message of the context.</summary>
public class LoggingEventArgs : EventArgs
{
    public LoggingEventArgs(string message)
    {
        Message = message;
        RawMessage = message;
    }

    public LoggingEventArgs(string message, ChannelMessageKind kind, string source)
    {
        Message = $"[Source={source}, Kind={kind}] {message}";
        RawMessage = message;
        Kind = kind;
        Source = source;
    }

    public string Message { get; }

    public string RawMessage { get; }

    public string Source { get; }

    public ChannelMessageKind Kind { get; }
}
