using System.Net;
using System.Net.Sockets;

namespace PvLakehouse.Pipeline.Tests.Alerting;

/// <summary>A mail server on a free port that takes one message (RFC 5321: greeting, envelope, data) or turns its recipient down.</summary>
internal sealed class MailBox : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _answerToRecipient;

    public MailBox(string answerToRecipient = "250 OK")
    {
        _answerToRecipient = answerToRecipient;
        _listener.Start();
        Received = TakeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The commands and the message, as lines, once the client has left.</summary>
    public Task<IReadOnlyList<string>> Received { get; }

    public void Dispose() => _listener.Dispose();

    private async Task<IReadOnlyList<string>> TakeAsync()
    {
        using var client = await _listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 mailbox.example");
        var lines = new List<string>();
        var inMessage = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (inMessage && line != ".")
            {
                continue;
            }

            inMessage = line == "DATA";
            await writer.WriteLineAsync(inMessage ? "354 go on" : line.StartsWith("RCPT", StringComparison.Ordinal) ? _answerToRecipient : "250 OK");
            if (line == "QUIT")
            {
                break;
            }
        }

        return lines;
    }
}
