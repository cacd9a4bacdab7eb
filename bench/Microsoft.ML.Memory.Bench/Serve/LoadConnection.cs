// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microsoft.ML.Memory.Bench;

/// <summary>One connection to a server: sends requests that are ready as bytes, and reads each answer to its end.</summary>
/// <remarks>The load shares its machine with the server, so it does as little as it can.</remarks>
internal sealed class LoadConnection(IPEndPoint address) : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[1 << 16];

    /// <summary>Makes the bytes of a request.</summary>
    public static byte[] Request(string method, string path, string body) => Encoding.ASCII.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {ServeProcess.Key}\r\n"
        + string.Create(
            CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

    public async Task ConnectAsync() => await _socket.ConnectAsync(address);

    /// <summary>Sends a request and reads its answer.</summary>
    /// <returns>The status.</returns>
    public async Task<int> SendAsync(byte[] request)
    {
        await _socket.SendAsync(request);
        int length = 0;
        while (!IsWhole(_answer.AsSpan(0, length)))
        {
            int read = await _socket.ReceiveAsync(_answer.AsMemory(length));
            if (read == 0) throw new IOException("The server must answer. It closed the connection.");
            length += read;
        }

        return int.Parse(_answer.AsSpan(9, 3), CultureInfo.InvariantCulture);
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        int head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0) return false;
        ReadOnlySpan<byte> name = "Content-Length: "u8;
        int start = answer[..head].IndexOf(name);
        if (start < 0) return answer.EndsWith("\r\n0\r\n\r\n"u8);
        ReadOnlySpan<byte> value = answer[(start + name.Length)..];
        int length = int.Parse(value[..value.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
        return answer.Length >= head + 4 + length;
    }
}
