using System.Globalization;
using PvLakehouse.TestServers;

[assembly: AssemblyFixture(typeof(PvLakehouse.Iceberg.S3.Tests.S3Fixture))]

namespace PvLakehouse.Iceberg.S3.Tests;

/// <summary>One S3 server with the lakehouse's buckets and users, and one PostgreSQL server, for all tests of the assembly.</summary>
public sealed class S3Fixture : IAsyncDisposable
{
    private readonly Lazy<Task<Lakehouse>> _lakehouse = new(StartAsync);
    private readonly Lazy<Task<PostgresServer>> _postgres = new(() => PostgresServer.StartAsync());
    private int _folders;

    /// <summary>The server with buckets and users, started by the first that needs it.</summary>
    public Task<Lakehouse> LakehouseAsync() => _lakehouse.Value;

    /// <summary>The PostgreSQL server, started by the first that needs it.</summary>
    public Task<PostgresServer> PostgresAsync() => _postgres.Value;

    /// <summary>A folder of the bucket lakehouse that nobody else uses.</summary>
    public string NewFolder() =>
        string.Create(CultureInfo.InvariantCulture, $"s3://lakehouse/test-{Interlocked.Increment(ref _folders)}");

    public async ValueTask DisposeAsync()
    {
        if (_lakehouse.IsValueCreated)
        {
            await (await _lakehouse.Value).Server.DisposeAsync();
        }

        if (_postgres.IsValueCreated)
        {
            await (await _postgres.Value).DisposeAsync();
        }
    }

    private static async Task<Lakehouse> StartAsync()
    {
        var server = await CephServer.StartAsync();
        await server.CreateBucketAsync("lakehouse");
        await server.CreateBucketAsync("mlflow");
        return new Lakehouse(
            server,
            await server.CreateUserAsync("spark_svc", Policies.LakehouseReadWrite),
            await server.CreateUserAsync("trino_svc", Policies.LakehouseReadWrite),
            await server.CreateUserAsync("mlflow_svc", Policies.MlflowReadWrite));
    }
}

/// <summary>The S3 server of the lakehouse and its service users.</summary>
public sealed record Lakehouse(CephServer Server, S3User Spark, S3User Trino, S3User Mlflow)
{
    /// <summary>How a user reaches the server; the smallest parts, so that small files come in several.</summary>
    public S3Options Options(S3User? user = null, Uri? endpoint = null, int retries = 5, int timeoutSeconds = 60) => new()
    {
        Endpoint = endpoint ?? Server.Endpoint,
        AccessKey = (user ?? Server.Root).AccessKey,
        SecretKey = (user ?? Server.Root).SecretKey,
        PartSize = S3Options.SmallestPart,
        Retries = retries,
        RequestTimeout = TimeSpan.FromSeconds(timeoutSeconds),
    };
}
