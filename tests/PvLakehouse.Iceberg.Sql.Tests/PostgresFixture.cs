using PvLakehouse.TestServers;

[assembly: AssemblyFixture(typeof(PvLakehouse.Iceberg.Sql.Tests.PostgresFixture))]

namespace PvLakehouse.Iceberg.Sql.Tests;

/// <summary>One PostgreSQL server for all tests of the assembly, started by the first that needs it.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.StartAsync());

    /// <summary>The server; its databases are made by the tests, each for itself.</summary>
    public Task<PostgresServer> ServerAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
