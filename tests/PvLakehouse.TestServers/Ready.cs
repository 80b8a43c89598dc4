using System.Net;
using System.Net.Sockets;

namespace PvLakehouse.TestServers;

/// <summary>Free ports, and waiting for servers to listen on them.</summary>
internal static class Ready
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Ports of the loopback interface that nobody uses.</summary>
    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        listeners.ForEach(l => l.Dispose());
        return ports;
    }

    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="InvalidOperationException">The server ended, or the patience did.</exception>
    public static async Task UntilAsync(
        string what, string log, Func<Task<bool>> holds, IReadOnlyList<ServerProcess> servers, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (!await holds())
        {
            if (servers.Any(s => s.HasEnded) || patience.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new InvalidOperationException($"{what}: the server did not come up.\n{Tail(log)}");
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>Whether somebody accepts connections on a port.</summary>
    public static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Tail(string log) => File.Exists(log)
        ? string.Join('\n', File.ReadLines(log).TakeLast(20))
        : $"There is no log {log}.";
}
