using System.Globalization;
using Npgsql;

namespace PvLakehouse.TestServers;

/// <summary>A real PostgreSQL server for tests: Debian's, on a free loopback port, in a folder of its own.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The user that owns everything.</summary>
    public const string User = "pvlakehouse";

    /// <summary>The user's password; the server does ask for it.</summary>
    public const string Password = "pv:lake/house@1?";

    /// <summary>PostgreSQL's fast shutdown: open transactions are rolled back.</summary>
    private const int Interrupt = 2;

    /// <summary>PostgreSQL's immediate shutdown: no process cleans up anything.</summary>
    private const int Quit = 3;

    private readonly string _folder;
    private readonly string _programs;
    private readonly string? _owner;
    private ServerProcess? _process;
    private int _databases;

    private PostgresServer(string folder, string programs, string? owner, int port)
    {
        _folder = folder;
        _programs = programs;
        _owner = owner;
        Port = port;
    }

    /// <summary>The port of the loopback interface that it listens on.</summary>
    public int Port { get; }

    /// <summary>Whether PostgreSQL is installed.</summary>
    public static bool IsInstalled => Programs() is not null;

    private string Log => Path.Combine(_folder, "log");

    /// <summary>Makes a cluster and starts the server.</summary>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken = default)
    {
        var programs = Programs() ?? throw new InvalidOperationException("PostgreSQL is not installed; run tests/install-servers.");

        // The server refuses to run as root; the packages bring a user for it.
        var owner = Environment.IsPrivilegedProcess ? "postgres" : null;
        var folder = Directory.CreateTempSubdirectory("pvlake-postgres-").FullName;
        var password = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(password, Password, cancellationToken);
        if (owner is not null)
        {
            await Tool.RunAsync(cancellationToken, "chown", "-R", owner, folder);
        }

        var server = new PostgresServer(folder, programs, owner, Ready.FreePorts(1)[0]);
        string[] identity = owner is null ? [] : ["setpriv", "--reuid", owner, "--regid", owner, "--init-groups", "--"];
        await Tool.RunAsync(
            cancellationToken,
            [.. identity, Path.Combine(programs, "initdb"), "-D", Path.Combine(folder, "data"), "-U", User, "--pwfile", password,
             "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale", "--no-sync"]);
        await server.StartAgainAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts a server that was stopped or killed, on the same port and data.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        // No fsync: a server that is killed keeps what it gave to the kernel.
        _process = await ServerProcess.StartAsync(
            _folder, Log, _owner, "QUIT",
            Path.Combine(_programs, "postgres"), "-D", Path.Combine(_folder, "data"),
            "-c", $"port={Port.ToString(CultureInfo.InvariantCulture)}", "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=200", "-c", "shared_buffers=32MB");
        await Ready.UntilAsync("PostgreSQL", Log, AnswersAsync, [_process], cancellationToken);
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken = default)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}", cancellationToken);
        return name;
    }

    /// <summary>The connection string of a database, without pooling.</summary>
    public string ConnectionString(string database, string user = User, string password = Password) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = user,
        Password = password,
        Pooling = false,
    }.ToString();

    /// <summary>The address of a database as a URI, credentials included.</summary>
    public string Address(string database, string user = User, string password = Password) => string.Create(
        CultureInfo.InvariantCulture,
        $"postgresql://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@127.0.0.1:{Port}/{database}");

    /// <summary>Runs a statement.</summary>
    public async Task ExecuteAsync(string database, string sql, CancellationToken cancellationToken = default) =>
        await QueryAsync(database, sql, cancellationToken);

    /// <summary>Runs a query and gives its rows as texts.</summary>
    public async Task<List<string?[]>> QueryAsync(string database, string sql, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string?[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(
                i => reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))]);
        }

        return rows;
    }

    /// <summary>Ends the server at once; what it had committed is recovered from its log when it starts again.</summary>
    /// <remarks>Not by SIGKILL of the first process: the others would go on for a while and keep a new server out.</remarks>
    public Task CrashAsync() => _process!.StopAsync(TimeSpan.FromSeconds(10), Quit);

    /// <summary>Stops the server, breaking off its connections.</summary>
    public Task StopAsync() => _process!.StopAsync(TimeSpan.FromSeconds(10), Interrupt);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.StopAsync(TimeSpan.FromSeconds(10), Interrupt);
            await _process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string? Programs() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql")
            .Select(version => Path.Combine(version, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb")))
            .Order(StringComparer.Ordinal)
            .LastOrDefault()
        : null;

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
