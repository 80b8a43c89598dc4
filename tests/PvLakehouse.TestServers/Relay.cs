using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PvLakehouse.TestServers;

/// <summary>What a relay does with bytes on their way to the server.</summary>
public enum RelayAction
{
    /// <summary>Passes them on.</summary>
    Pass,

    /// <summary>Closes the connection; the server never sees them.</summary>
    LoseRequest,

    /// <summary>Passes them and the rest of the request on, and closes the connection when the server begins to answer.</summary>
    LoseAnswer,

    /// <summary>Keeps them and all that follows until the client closes the connection.</summary>
    Hold,

    /// <summary>Passes them on, and keeps all answers until the client closes the connection.</summary>
    HoldAnswer,
}

/// <summary>Stands between a client and a server on this machine and loses requests or answers when a test says so.</summary>
public sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly int _target;
    private readonly Func<ReadOnlyMemory<byte>, RelayAction> _decide;
    private readonly Task _accepting;

    /// <param name="target">Port of the server on the loopback interface.</param>
    /// <param name="decide">Asked for all that a client sends, piece by piece, from several threads.</param>
    public Relay(int target, Func<ReadOnlyMemory<byte>, RelayAction> decide)
    {
        _target = target;
        _decide = decide;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port that clients connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The relay was disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                using var losing = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                var answers = CopyAsync(server.GetStream(), client.GetStream(), losing.Token);
                await ForwardAsync(client.GetStream(), server.GetStream(), answers, losing);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side closed, which closes the other.
            }
        }
    }

    private async Task ForwardAsync(NetworkStream client, NetworkStream server, Task answers, CancellationTokenSource losing)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = client.ReadAsync(buffer, losing.Token).AsTask();
            if (await Task.WhenAny(read, answers) == answers)
            {
                return;
            }

            if (await read is not (var count and > 0))
            {
                return;
            }

            var action = _decide(buffer.AsMemory(0, count));
            if (action == RelayAction.LoseRequest)
            {
                return;
            }

            if (action == RelayAction.Hold)
            {
                await client.CopyToAsync(Stream.Null, _stop.Token);
                return;
            }

            if (action == RelayAction.HoldAnswer)
            {
                await losing.CancelAsync();
                await answers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await server.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
                var kept = server.CopyToAsync(Stream.Null, _stop.Token);
                await client.CopyToAsync(server, _stop.Token);
                server.Close();
                await kept.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            if (action == RelayAction.LoseAnswer)
            {
                await losing.CancelAsync();
                await answers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await server.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
                var rest = client.CopyToAsync(server, _stop.Token);
                _ = await server.ReadAsync(new byte[1], _stop.Token);
                client.Close();
                await rest.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            await server.WriteAsync(buffer.AsMemory(0, count), losing.Token);
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, CancellationToken cancellationToken) =>
        await from.CopyToAsync(to, cancellationToken);
}
