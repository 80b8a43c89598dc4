using System.Reflection;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>One SELECT that makes one table: its text, what it reads, and which of its sources decide what is recomputed.</summary>
internal sealed record SqlModel
{
    /// <summary>The table that the model makes.</summary>
    public required TableContract Target { get; init; }

    /// <summary>Sources whose new rows decide what is recomputed; each is readable as <c>name</c> and <c>added_name</c>.</summary>
    public required IReadOnlyList<ModelSource> Sources { get; init; }

    /// <summary>Tables that are read but decide nothing.</summary>
    public IReadOnlyList<TableContract> Lookups { get; init; } = [];

    /// <summary>Whether a second file, <c>table.keys.sql</c>, selects the affected keys as relation <c>keys</c>.</summary>
    public bool HasKeys { get; init; }

    /// <summary>The column of the keys whose span limits what is read of sources: an instant, or a day where sources are limited by days.</summary>
    public string SpanOf { get; init; } = "date_hour";

    /// <summary>How far before its key a row looks; sources are read from there. Half a day for the NowCast of air quality.</summary>
    public TimeSpan Before { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How far after its key a row looks; an hour for the stamp that closes the last hour.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The rules that judge the rows; null for tables without verdict columns.</summary>
    public IReadOnlyList<QualityRule>? Rules { get; init; }

    /// <summary>What the model reads of <c>sun</c>, the geometry of the affected farm hours, by the names of <see cref="SunTable"/>; empty for nothing.</summary>
    public IReadOnlyList<string> Sun { get; init; } = [];

    /// <summary>Tables that must have rows before the model can run, and what makes them.</summary>
    public IReadOnlyList<TableContract> Prerequisites { get; init; } = [];

    /// <summary>A SELECT over the rows of the model's own file, there named <c>sums</c>, that several models share; null for none.</summary>
    public string? Over { get; init; }

    /// <summary>The SELECT.</summary>
    public string Sql => Over is null ? OwnSql : $"WITH sums AS (\n{OwnSql})\n{SqlText.Read(Over)}";

    /// <summary>The SELECT of affected keys.</summary>
    public string KeysSql => SqlText.Read($"{Target.Name}.keys.sql");

    private string OwnSql => SqlText.Read($"{Target.Name}.sql");
}

/// <summary>A source of a model.</summary>
/// <param name="Table">The table.</param>
/// <param name="LimitedBy">The column by which the span of the affected keys limits what is read; null reads the whole table.</param>
internal sealed record ModelSource(TableContract Table, string? LimitedBy = null);

/// <summary>SQL files, embedded beside the contracts they belong to.</summary>
internal static class SqlText
{
    /// <summary>The text of the embedded file whose path ends so.</summary>
    public static string Read(string file)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var name = assembly.GetManifestResourceNames().Single(resource => resource.EndsWith($".{file}", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
