using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PvLakehouse.Cli.Tests;

/// <summary>Every command of docs/operations.md does what the page says it does.</summary>
public sealed partial class OperationsRunbookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_commands_of_the_runbook_run_in_order_and_exit_as_it_says()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The page's commands are for a POSIX shell.");
            return;
        }

        var commands = Commands(await File.ReadAllTextAsync(Page(), Token)).ToArray();
        Assert.True(commands.Length > 30, $"Only {commands.Length} commands were found.");
        var bin = Directory.CreateDirectory(Path.Combine(_folder.Path, "bin")).FullName;
        var pvlake = Path.Combine(bin, "pvlake");
        await File.WriteAllTextAsync(pvlake, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "pvlake.dll")}' \"$@\"\n", Token);
        File.SetUnixFileMode(pvlake, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var work = Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;

        foreach (var (command, expected) in commands)
        {
            var start = new ProcessStartInfo("sh", ["-c", command])
            {
                WorkingDirectory = work,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["PATH"] = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}";
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
            await process.WaitForExitAsync(Token);
            Assert.True(process.ExitCode == expected, $"'{command}' ended with {process.ExitCode}, expected {expected}.\n{await output}{await error}");
            Assert.DoesNotContain("   at ", await error, StringComparison.Ordinal);
        }
    }

    /// <summary>The lines of the sh blocks; a comment "exits with N" says how a command ends that does not end with 0.</summary>
    private static IEnumerable<(string Command, int ExitCode)> Commands(string page)
    {
        var isShell = false;
        foreach (var line in page.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isShell = line == "```sh";
            }
            else if (isShell && line.Length > 0)
            {
                yield return (line, ExitCode().Match(line) is { Success: true } match ? int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture) : 0);
            }
        }
    }

    private static string Page()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PvLakehouse.slnx")))
            {
                return Path.Combine(folder.FullName, "docs", "operations.md");
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    [GeneratedRegex("# exits with (?<code>[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExitCode();
}
