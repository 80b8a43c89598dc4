using PvLakehouse.TestServers;

[assembly: AssemblyFixture(typeof(PvLakehouse.Cli.Tests.RemoteServers))]

namespace PvLakehouse.Cli.Tests;

/// <summary>An S3 server with the bucket lakehouse and the user spark_svc, and a PostgreSQL server; started by the first that needs them.</summary>
public sealed class RemoteServers : IAsyncDisposable
{
    private readonly Lazy<Task<(CephServer Store, S3User Spark)>> _store = new(StartStoreAsync);
    private readonly Lazy<Task<PostgresServer>> _postgres = new(() => PostgresServer.StartAsync());

    public Task<(CephServer Store, S3User Spark)> StoreAsync() => _store.Value;

    public Task<PostgresServer> PostgresAsync() => _postgres.Value;

    public async ValueTask DisposeAsync()
    {
        if (_store.IsValueCreated)
        {
            await (await _store.Value).Store.DisposeAsync();
        }

        if (_postgres.IsValueCreated)
        {
            await (await _postgres.Value).DisposeAsync();
        }
    }

    private static async Task<(CephServer Store, S3User Spark)> StartStoreAsync()
    {
        var store = await CephServer.StartAsync();
        await store.CreateBucketAsync("lakehouse");
        return (store, await store.CreateUserAsync("spark_svc", Policies.LakehouseReadWrite));
    }
}
