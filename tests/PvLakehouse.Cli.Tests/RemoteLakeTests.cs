using System.Text.Json;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.S3;
using PvLakehouse.Iceberg.Sql;
using PvLakehouse.TestServers;

namespace PvLakehouse.Cli.Tests;

/// <summary>The whole job with its tables in S3 and its catalog in PostgreSQL, as the service user spark_svc.</summary>
public sealed class RemoteLakeTests(RemoteServers servers) : IAsyncLifetime
{
    private static readonly string[] Week = ["--date-start", "2025-01-01", "--date-end", "2025-01-07", "--facilities", "AVLSF,BERYLSF"];

    private readonly TemporaryFolder _folder = new();
    private CephServer _store = null!;
    private S3User _spark = null!;
    private PostgresServer _postgres = null!;
    private string _database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Warehouse => $"s3://lakehouse/{_database}/warehouse";

    private Dictionary<string, string> Variables => new()
    {
        ["PVLAKE_WAREHOUSE"] = Warehouse,
        ["PVLAKE_CATALOG"] = _postgres.Address(_database),
        ["PVLAKE_S3_ENDPOINT"] = _store.Endpoint.ToString(),
        ["PVLAKE_S3_ACCESS_KEY"] = _spark.AccessKey,
        ["PVLAKE_S3_SECRET_KEY"] = _spark.SecretKey,
    };

    public async ValueTask InitializeAsync()
    {
        (_store, _spark) = await servers.StoreAsync();
        _postgres = await servers.PostgresAsync();
        _database = await _postgres.CreateDatabaseAsync(Token);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_demo_runs_on_S3_and_PostgreSQL_and_leaves_nothing_but_temporary_files_here()
    {
        var demo = await SucceedsAsync(["demo", .. Week]);
        Assert.Contains($"Lake: {Warehouse}, catalog postgresql://pvlakehouse@127.0.0.1:", demo, StringComparison.Ordinal);
        Assert.DoesNotContain(_spark.SecretKey, demo, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, demo, StringComparison.Ordinal);

        // Eight days of two farms: 8 x 24 x 2 hours.
        var count = await SucceedsAsync("sql", "SELECT count(*) AS n FROM iceberg.gold.fact_solar_environmental", "--format", "csv");
        Assert.Equal("n\n384\n", count.ReplaceLineEndings("\n"));
        Assert.Contains("bronze.raw_facility_timeseries,384,", await SucceedsAsync("tables", "--format", "csv"), StringComparison.Ordinal);
        Assert.Contains("nothing new", await SucceedsAsync("silver", "hourly_energy"), StringComparison.OrdinalIgnoreCase);
        // What was spent of the sources' limits belongs to this machine, whose key and address they count by.
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_folder.Lake, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "usage.json"),
            file => file.EndsWith(".json", StringComparison.Ordinal) || file.EndsWith(".db", StringComparison.Ordinal));

        using var io = new S3FileIO(new S3Options { Endpoint = _store.Endpoint, AccessKey = _store.Root.AccessKey, SecretKey = _store.Root.SecretKey });
        var archived = await io.ListAsync($"{Warehouse}/archive", Token).Select(file => Path.GetFileName(file.Location)).ToListAsync(Token);
        Assert.Contains(archived, file => file.EndsWith(".json.gz", StringComparison.Ordinal));
        Assert.All(archived, file => Assert.Matches("^(load-)?[0-9]{4}[.]json([.]gz)?$", file));

        // The archive is enough to make all of it again, also by a key that may not list the bucket.
        await SucceedsAsync("rebuild", "--from", "archive", "--yes");
        Assert.Equal(count, await SucceedsAsync("sql", "SELECT count(*) AS n FROM iceberg.gold.fact_solar_environmental", "--format", "csv"));
    }

    [Fact]
    public async Task A_lake_in_S3_is_exported_backed_up_and_restored_into_a_folder()
    {
        await SucceedsAsync("bronze", "facilities", "--mode", "backfill", "--facilities", "AVLSF,BERYLSF");
        await SucceedsAsync("export", Path.Combine(_folder.Path, "export"), "--to", "parquet");
        Assert.True(File.Exists(Path.Combine(_folder.Path, "export", "bronze.raw_facilities.parquet")));

        // A backup lists the archive, which spark_svc may not.
        var backups = Path.Combine(_folder.Path, "backups");
        await FailsAsync("could not be listed", Variables, "backup", backups);
        var variables = Variables;
        (variables["PVLAKE_S3_ACCESS_KEY"], variables["PVLAKE_S3_SECRET_KEY"]) = (_store.Root.AccessKey, _store.Root.SecretKey);
        using var backup = await PvlakeProcess.RunAsync(variables, Token, "backup", backups, "--lake", _folder.Lake);
        Assert.True(backup.ExitCode == 0, backup.Output + backup.Error);
        using var verify = await PvlakeProcess.RunAsync(Token, "backup", "verify", backups);
        Assert.True(verify.ExitCode == 0, verify.Output + verify.Error);
        var restored = Path.Combine(_folder.Path, "restored");
        using var restore = await PvlakeProcess.RunAsync(Token, "restore", backups, "--lake", restored);
        Assert.True(restore.ExitCode == 0, restore.Output + restore.Error);
        using var tables = await PvlakeProcess.RunAsync(Token, "tables", "--lake", restored, "--format", "csv");
        Assert.Contains("bronze.raw_facilities,2,", tables.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_come_from_the_command_line_before_the_file_before_the_environment()
    {
        // Of each setting the first place that has it is right, and the later ones are wrong.
        Directory.CreateDirectory(_folder.Lake);
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Lake, "pvlake.json"),
            JsonSerializer.Serialize(new Dictionary<string, string>
            {
                ["warehouse"] = "s3://nowhere/warehouse",
                ["catalog"] = _postgres.Address(_database),
                ["s3.endpoint"] = _store.Endpoint.ToString(),
                ["s3.access-key-id"] = _spark.AccessKey,
                ["s3.secret-access-key"] = _spark.SecretKey,
            }),
            Token);
        var environment = new Dictionary<string, string>
        {
            ["PVLAKE_CATALOG"] = "postgresql://nobody@127.0.0.1:9/nothing",
            ["PVLAKE_S3_ENDPOINT"] = "http://127.0.0.1:9",
            ["AWS_ACCESS_KEY_ID"] = "wrong",
            ["AWS_SECRET_ACCESS_KEY"] = "wrong",
            ["AWS_SESSION_TOKEN"] = "wrong",
        };
        using var run = await PvlakeProcess.RunAsync(
            environment, Token, "bronze", "facilities", "--mode", "backfill", "--lake", _folder.Lake, "--warehouse", Warehouse);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        using var tables = await PvlakeProcess.RunAsync(Variables, Token, "tables", "--format", "csv", "--lake", _folder.Lake);
        Assert.Contains("bronze.raw_facilities,", tables.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Simulated_and_live_data_never_share_a_catalog()
    {
        await SucceedsAsync("bronze", "facilities", "--mode", "backfill");
        await FailsAsync("holds simulated data; use another catalog for live data", Variables, "bronze", "facilities", "--mode", "backfill", "--source", "live");

        // From another machine, whose folder knows nothing, into another warehouse.
        var elsewhere = Variables;
        elsewhere["PVLAKE_WAREHOUSE"] = $"{Warehouse}2";
        await FailsAsync("holds simulated data", elsewhere, ["run", "--mode", "backfill", .. Week, "--source", "live", "--lake", _folder.Path + "/other"]);
    }

    [Fact]
    public async Task Tables_of_others_are_read_but_never_taken_for_a_lake()
    {
        await FailsAsync("There is no lake in the catalog at postgresql://pvlakehouse@", Variables, "silver", "hourly_energy");
        await using var catalog = await SqlCatalog.OpenPostgresAsync(
            _postgres.Address(_database), Warehouse, new LocalFileIO(), cancellationToken: Token);
        await catalog.CreateNamespaceAsync(new("bronze"), cancellationToken: Token);
        await FailsAsync("has a namespace bronze that no pvlake made", Variables, "bronze", "facilities", "--mode", "backfill");
        await SucceedsAsync("tables");
    }

    [Fact]
    public async Task Only_one_process_writes_at_a_time_wherever_it_runs()
    {
        await using var catalog = await SqlCatalog.OpenPostgresAsync(
            _postgres.Address(_database), Warehouse, new LocalFileIO(), cancellationToken: Token);
        await using (await catalog.TryLockAsync("pvlake", Token))
        {
            Assert.Null(await catalog.TryLockAsync("pvlake", Token));
            await FailsAsync("Another pvlake is writing the lake", Variables, "bronze", "facilities", "--mode", "backfill");
        }

        await SucceedsAsync("bronze", "facilities", "--mode", "backfill");
    }

    [Fact]
    public async Task Wrong_settings_are_told_in_one_sentence()
    {
        await WrongAsync("PVLAKE_CATALOG", _postgres.Address(_database, password: "hidden"), "password authentication failed");
        await WrongAsync("PVLAKE_CATALOG", _postgres.Address("nowhere"), "database \"nowhere\" does not exist");
        await WrongAsync("PVLAKE_CATALOG", "mysql://u:hidden@127.0.0.1/x", "expected postgresql://user:password@host:port/database");
        await WrongAsync("PVLAKE_CATALOG", "postgresql://u:hidden@127.0.0.1:port/x", "expected postgresql://user:password@host:port/database");
        await WrongAsync("PVLAKE_WAREHOUSE", "s3://nowhere/x", "there is no bucket 'nowhere'");
        await WrongAsync("PVLAKE_WAREHOUSE", "gs://bucket/x", "'gs://bucket/x' is no warehouse");
        await WrongAsync("PVLAKE_S3_ENDPOINT", "localhost:9000", "Setting s3.endpoint is 'localhost:9000'; expected a URL");
        await WrongAsync("PVLAKE_S3_SECRET_KEY", "hidden", "refuses the secret of access key");
        await WrongAsync("PVLAKE_S3_SECRET_KEY", "", "s3.secret-access-key is missing");
        await FailsAsync("There is no configuration file", Variables, "tables", "--config", "/no/such/file.json");
        var file = Path.Combine(_folder.Path, "settings.json");
        await File.WriteAllTextAsync(file, """{ "warehous": "s3://lakehouse/x" }""", Token);
        await FailsAsync("has the setting 'warehous', which is not known", Variables, "tables", "--config", file);
        await File.WriteAllTextAsync(file, """{ "warehouse": 3 }""", Token);
        await FailsAsync("expected one JSON object of texts", Variables, "tables", "--config", file);
    }

    private async Task WrongAsync(string variable, string value, string sentence)
    {
        var variables = Variables;
        variables[variable] = value;
        await FailsAsync(sentence, variables, "bronze", "facilities", "--mode", "backfill");
    }

    private async Task<string> SucceedsAsync(params string[] arguments)
    {
        using var run = await PvlakeProcess.RunAsync(Variables, Token, [.. arguments, "--lake", _folder.Lake]);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        return run.Output;
    }

    private async Task FailsAsync(string sentence, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var line = arguments.Contains("--lake") ? arguments : arguments.Append("--lake").Append(_folder.Lake).ToArray();
        using var run = await PvlakeProcess.RunAsync(variables, Token, line);
        Assert.True(run.ExitCode == Faults.Failed, $"exit code {run.ExitCode}\n{run.Output}{run.Error}");
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", run.Error + run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.True(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length <= 3, run.Error);
    }
}
