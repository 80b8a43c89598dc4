using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>DuckDB's messages as one sentence and, where DuckDB has one, its hint.</summary>
internal static partial class DuckDbErrors
{
    public static SqlEngineException Clean(DuckDBException error) => new(Clean(error.Message), error);

    /// <summary>Drops the kind of error, candidate lists, query excerpts and stack traces; keeps the first sentence and the hint.</summary>
    public static string Clean(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            return "DuckDB failed without saying why.";
        }

        var sentence = Kind().Replace(lines[0], "");
        // Near names in PostgreSQL's catalog, which DuckDB imitates, help nobody.
        var hint = lines.Skip(1).FirstOrDefault(l => Hint().IsMatch(l) && !l.Contains("\"pg_", StringComparison.Ordinal));
        if (sentence.Length > 0)
        {
            sentence = char.ToUpperInvariant(sentence[0]) + sentence[1..];
        }

        if (sentence.Length > 0 && sentence[^1] is not ('.' or '!' or '?'))
        {
            sentence += ".";
        }

        return hint is null ? sentence : $"{sentence}\n{hint}";
    }

    /// <summary>The name of the table that DuckDB does not know; null when the message is about something else.</summary>
    public static string? UnknownTable(string message) =>
        MissingTable().Match(message) is { Success: true } match ? match.Groups["name"].Value : null;

    [GeneratedRegex("""^Table with name "?([^"]+\.)?(?<name>[^".]+)"? does not exist""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MissingTable();

    [GeneratedRegex(@"^([A-Z][A-Za-z\- ]{1,30} Error: )+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Kind();

    [GeneratedRegex(@"^(Did you mean|Candidate bindings)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hint();
}
