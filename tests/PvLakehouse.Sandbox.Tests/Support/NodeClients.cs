using System.Diagnostics;
using System.Text.Json.Nodes;

namespace PvLakehouse.Sandbox.Tests.Support;

/// <summary>Installs the official npm clients once and runs scripts that use them.</summary>
[CollectionDefinition(Collection)]
public sealed class NodeClients : IAsyncLifetime, ICollectionFixture<NodeClients>
{
    public const string Collection = "npm clients";

    private readonly string _folder = Folder();

    public async ValueTask InitializeAsync()
    {
        if (!Directory.Exists(Path.Combine(_folder, "node_modules", "openmeteo")))
        {
            await RunAsync("npm", "ci", "--no-audit", "--no-fund");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The JSON that a script prints.</summary>
    public async Task<JsonNode> RunScriptAsync(string script, Uri baseAddress) =>
        JsonNode.Parse(await RunAsync("node", script, baseAddress.ToString()))!;

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "PvLakehouse.Sandbox.Tests", "npm");
            if (Directory.Exists(path))
            {
                return path;
            }
        }

        throw new InvalidOperationException("The folder tests/PvLakehouse.Sandbox.Tests/npm is not above the tests that run.");
    }

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
        return await output;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new InvalidOperationException(
                $"'{start.FileName}' cannot be started; install Node.js 18 or newer with npm, as ./test does.", error);
        }
    }
}
