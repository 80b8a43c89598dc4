namespace PvLakehouse.Cli.Commands.Tables;

/// <summary>Files that could not be removed, told at the end of a command.</summary>
internal static class Failures
{
    public static async Task<int> ReportAsync(long count, string? first)
    {
        if (count == 0)
        {
            return 0;
        }

        await Console.Error.WriteLineAsync(
            $"{count} files could not be removed; 'pvlake table remove-orphans' finds them again. The first: {first}");
        return Faults.Failed;
    }
}
