using System.Globalization;
using System.Security.Cryptography;

namespace PvLakehouse.TestServers;

/// <summary>A real S3 server for tests: Ceph's, on loopback ports, in a folder of its own.</summary>
/// <remarks>A monitor, a store, and a front that speaks S3. Users, policies, buckets and signatures are checked as usual.</remarks>
public sealed class CephServer : IAsyncDisposable
{
    private static readonly string[] Needed = ["ceph-mon", "ceph-osd", "radosgw", "ceph", "radosgw-admin", "monmaptool"];

    private readonly string _folder;
    private readonly int _frontPort;
    private readonly SignedClient _admin;
    private ServerProcess? _monitor;
    private ServerProcess? _store;
    private ServerProcess? _front;

    private CephServer(string folder, int frontPort)
    {
        _folder = folder;
        _frontPort = frontPort;
        Endpoint = new Uri($"http://127.0.0.1:{frontPort}/");
        Root = new S3User("root", "ROOTKEY00000000000A", NewSecret());
        _admin = new SignedClient(Endpoint, Root.AccessKey, Root.SecretKey);
    }

    /// <summary>Where it speaks S3.</summary>
    public Uri Endpoint { get; }

    /// <summary>The user that may do everything.</summary>
    public S3User Root { get; }

    /// <summary>Whether all programs are installed.</summary>
    public static bool IsInstalled => Needed.All(program => File.Exists($"/usr/bin/{program}"));

    private string Configuration => Path.Combine(_folder, "ceph.conf");

    /// <summary>Makes an empty store and starts all of the server.</summary>
    /// <param name="onDisk">
    /// Whether the store is on the disk, so that it outlives <see cref="CrashAsync"/>; in memory it starts quicker.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<CephServer> StartAsync(bool onDisk = false, CancellationToken cancellationToken = default)
    {
        if (!IsInstalled)
        {
            throw new InvalidOperationException("Ceph's S3 server is not installed; run tests/install-servers.");
        }

        var folder = Directory.CreateTempSubdirectory("pvlake-s3-").FullName;
        foreach (var part in new[] { "mon", "osd", "rgw", "run", "log", "crash" })
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
        }

        var ports = Ready.FreePorts(2);
        var server = new CephServer(folder, ports[1]);
        try
        {
            await server.MakeAsync(ports[0], onDisk, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a bucket that belongs to the root user.</summary>
    public async Task CreateBucketAsync(string name, CancellationToken cancellationToken = default) =>
        await _admin.SendAsync(HttpMethod.Put, $"/{name}", query: null, form: null, "s3", cancellationToken);

    /// <summary>Makes a user that may do what a policy says, and make no buckets.</summary>
    public async Task<S3User> CreateUserAsync(string id, string policy, CancellationToken cancellationToken = default)
    {
        var user = new S3User(id, $"KEY{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}", NewSecret());
        await _admin.SendAsync(
            HttpMethod.Put,
            "/admin/user",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["uid"] = id,
                ["display-name"] = id,
                ["access-key"] = user.AccessKey,
                ["secret-key"] = user.SecretKey,
                ["generate-key"] = "false",
                ["max-buckets"] = "-1",
                ["format"] = "json",
            },
            form: null,
            "s3",
            cancellationToken);
        await PutPolicyAsync(id, policy, cancellationToken);
        return user;
    }

    /// <summary>Limits a bucket, as a disk that fills up would.</summary>
    /// <param name="bucket">A bucket of the root user.</param>
    /// <param name="size">Most that it holds [bytes].</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task SetQuotaAsync(string bucket, long size, CancellationToken cancellationToken = default) => Tool.RunAsync(
        cancellationToken,
        "sh", "-c",
        "radosgw-admin -c \"$1\" -n client.rgw quota set --quota-scope=bucket --bucket=\"$2\" --max-size=\"$3\" "
        + "&& radosgw-admin -c \"$1\" -n client.rgw quota enable --quota-scope=bucket --bucket=\"$2\"",
        "quota", Configuration, bucket, size.ToString(CultureInfo.InvariantCulture));

    /// <summary>Stops the front: connections are refused.</summary>
    public Task StopFrontAsync() => _front!.StopAsync(TimeSpan.FromSeconds(3));

    /// <summary>Ends the front in the middle of whatever it does.</summary>
    public Task KillFrontAsync() => _front!.KillAsync();

    /// <summary>Starts the front again.</summary>
    public async Task StartFrontAsync(CancellationToken cancellationToken = default)
    {
        _front = await StartAsync("rgw", "radosgw", "-n", "client.rgw");
        await Ready.UntilAsync("radosgw", Log("rgw"), () => Ready.ListensAsync(_frontPort), [_monitor!, _store!, _front], cancellationToken);
    }

    /// <summary>Freezes the front: it accepts connections and does not answer.</summary>
    public void PauseFront() => _front!.Pause();

    /// <summary>Lets a frozen front go on.</summary>
    public void ResumeFront() => _front!.Resume();

    /// <summary>Ends all parts at once; a store on the disk keeps what it had acknowledged.</summary>
    public async Task CrashAsync()
    {
        foreach (var part in new[] { _front, _store, _monitor })
        {
            await part!.KillAsync();
        }
    }

    /// <summary>Starts all parts again.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        _monitor = await StartAsync("mon", "ceph-mon", "-i", "a");
        await StartStoreAsync(cancellationToken);
        await StartFrontAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        foreach (var part in new[] { _front, _store, _monitor })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task MakeAsync(int monitorPort, bool onDisk, CancellationToken cancellationToken)
    {
        var (id, store) = (Guid.NewGuid().ToString("D"), Guid.NewGuid().ToString("D"));
        await File.WriteAllTextAsync(Configuration, CephConfiguration.Text(_folder, id, monitorPort, _frontPort, onDisk), cancellationToken);
        var map = Path.Combine(_folder, "monmap");
        await Tool.RunAsync(cancellationToken, "monmaptool", "--create", "--fsid", id, "--addv", "a", $"[v2:127.0.0.1:{monitorPort}]", map);
        await Tool.RunAsync(cancellationToken, "ceph-mon", "-c", Configuration, "--mkfs", "-i", "a", "--monmap", map);
        _monitor = await StartAsync("mon", "ceph-mon", "-i", "a");
        await Task.WhenAll(
            Tool.RunAsync(cancellationToken, "ceph-osd", "-c", Configuration, "-i", "0", "--mkfs", "--osd-uuid", store),
            Tool.RunAsync(cancellationToken, "ceph", "-c", Configuration, "--connect-timeout", "20", "osd", "new", store, "0"));
        await StartStoreAsync(cancellationToken);
        await StartFrontAsync(cancellationToken);
        await Tool.RunAsync(
            cancellationToken,
            "radosgw-admin", "-c", Configuration, "-n", "client.rgw", "user", "create", "--uid", Root.Id, "--display-name", Root.Id,
            "--access-key", Root.AccessKey, "--secret-key", Root.SecretKey,
            "--caps", "users=*;buckets=*;user-policy=*;roles=*;metadata=*;usage=*");

        // By default the owner of a bucket may not read what others put into it.
        await PutPolicyAsync(Root.Id, Policies.Everything, cancellationToken);
    }

    private async Task PutPolicyAsync(string user, string policy, CancellationToken cancellationToken) => await _admin.SendAsync(
        HttpMethod.Post,
        "/",
        query: null,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Action"] = "PutUserPolicy",
            ["PolicyName"] = "policy",
            ["UserName"] = user,
            ["PolicyDocument"] = policy,
            ["Version"] = "2010-05-08",
        },
        "iam",
        cancellationToken);

    /// <summary>Returns once the store takes part: a front that is quicker would wait for seconds.</summary>
    private async Task StartStoreAsync(CancellationToken cancellationToken)
    {
        var log = Path.Combine(_folder, "log", "osd.0.log");
        var before = File.Exists(log) ? new FileInfo(log).Length : 0;
        _store = await StartAsync("osd", "ceph-osd", "-i", "0");
        await Ready.UntilAsync("ceph-osd", Log("osd"), () => Task.FromResult(HasBooted(log, before)), [_monitor!, _store], cancellationToken);
    }

    private static bool HasBooted(string log, long from)
    {
        if (!File.Exists(log))
        {
            return false;
        }

        using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(Math.Min(from, stream.Length), SeekOrigin.Begin);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Contains("booting -> active", StringComparison.Ordinal);
    }

    private Task<ServerProcess> StartAsync(string name, string program, params string[] arguments) =>
        ServerProcess.StartAsync(_folder, Log(name), user: null, "KILL", [program, "-c", Configuration, "-f", .. arguments]);

    private string Log(string name) => Path.Combine(_folder, "log", $"{name}.out");

    private static string NewSecret() => Convert.ToHexString(RandomNumberGenerator.GetBytes(20));
}
