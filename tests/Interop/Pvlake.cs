using System.Diagnostics;

namespace PvLakehouse.Interop;

/// <summary>Runs the command line as a process of its own, as a user does.</summary>
internal static class Pvlake
{
    /// <summary>Runs a command; what it printed to standard output.</summary>
    public static Task<string> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        ProcessOutput.OfAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "pvlake.dll"), .. arguments], input: null, cancellationToken);
}

/// <summary>Runs programs to their end.</summary>
internal static class ProcessOutput
{
    /// <summary>What a program printed to standard output; a failure throws with what it printed to standard error.</summary>
    public static async Task<string> OfAsync(
        string program, IEnumerable<string> arguments, string? input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' could not be started.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {await error}\n{await output}");
    }
}
