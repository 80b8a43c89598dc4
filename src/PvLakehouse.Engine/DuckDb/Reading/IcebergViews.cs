using System.Globalization;
using PvLakehouse.Engine.Sql.TimeTravel;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>
/// Keeps the catalog <c>iceberg</c> inside DuckDB: one view for each table that a statement names, over only the files
/// that it needs.
/// </summary>
/// <remarks>
/// A view may be pruned for one statement, so it is dropped before the next one unless that names the table again.
/// Tables named by stored views and macros are "pinned": always whole, because what reads them cannot be seen.
/// </remarks>
internal sealed class IcebergViews(
    TableLookup tables, TableReader reader, DuckDbStatements duckDb, MetadataRows metadataRows)
{
    private static readonly Dictionary<string, object?> NoParameters = new(StringComparer.Ordinal);
    private readonly ShownTables _shown = new(tables, duckDb);
    private readonly Dictionary<string, View> _views = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<TableMention> _pinned = [];
    private readonly HashSet<string> _schemas = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Frees the files that the views read; the views cannot be read any more.</summary>
    public void Release()
    {
        foreach (var view in _views.Values)
        {
            view.Rows?.Release();
        }
    }

    /// <summary>Shows the tables that a reading statement needs.</summary>
    /// <returns>How many files the statement may open, and how many it was spared.</returns>
    /// <exception cref="SqlEngineException">The statement names a table that does not exist.</exception>
    public async Task<ScanStatistics> ShowAsync(
        SqlStatement statement, IReadOnlyDictionary<string, object?>? parameters, CancellationToken cancellationToken)
    {
        var mentions = TableMention.In(statement.Sql).ToList();
        var bound = parameters ?? NoParameters;
        var named = statement.Tree is { } tree
            ? TableReferences.In(tree, _ => null, bound).Select(r => r.Mention).ToList()
            : [];
        var loaded = await LoadAsync([.. mentions, .. named, .. _pinned], statement.Travels, bound, cancellationToken);
        foreach (var mention in named.Where(n => Find(loaded, n) is null))
        {
            throw await tables.MissingAsync(mention, cancellationToken);
        }

        var references = statement.Tree is { } known
            ? TableReferences.In(known, m => Find(loaded, m)?.Schema, bound)
            : [];
        await DropAllButAsync(loaded, cancellationToken);
        var statistics = ScanStatistics.None;
        foreach (var table in loaded)
        {
            var here = references.Where(r => r.Mention.IsSame(table.Mention)).ToList();
            var pinned = _pinned.Exists(p => p.IsSame(table.Mention));
            var filter = pinned ? Expression.True : FilterOf(here, mentions.FindAll(m => m.IsSame(table.Mention)));
            statistics += await ShowAsync(table, filter, cancellationToken);
        }

        if (statement.ReadsCatalog)
        {
            await ListAsync(loaded, cancellationToken);
        }

        return statistics;
    }

    /// <summary>
    /// Shows the tables that a statement of the program may need, whole, and keeps them shown: it may store what it
    /// reads.
    /// </summary>
    public async Task PinAsync(string sql, CancellationToken cancellationToken)
    {
        foreach (var mention in TableMention.In(sql).Where(m => !_pinned.Exists(p => p.IsSame(m))))
        {
            _pinned.Add(mention);
        }

        var loaded = await LoadAsync(_pinned, [], NoParameters, cancellationToken);
        await DropAllButAsync(loaded, cancellationToken);
        foreach (var table in loaded)
        {
            await ShowAsync(table, Expression.True, cancellationToken);
        }
    }

    /// <summary>
    /// What a statement needs of one table: everything, when the text names the table where the tree does not show it.
    /// </summary>
    public static Expression FilterOf(IReadOnlyList<TableReference> references, IReadOnlyList<TableMention> mentions) =>
        references.Count > 0 && references.Count == mentions.Count
            ? references.Select(r => r.Filter).Aggregate(Expression.Or)
            : Expression.True;

    /// <summary>The files of a scan, with the counts of what planning left out.</summary>
    public static async Task<(List<FileScanTask> Files, ScanStatistics Statistics)> PlanAsync(
        TableScan scan, CancellationToken cancellationToken)
    {
        var files = new List<FileScanTask>();
        try
        {
            await foreach (var file in scan.PlanFilesAsync(cancellationToken))
            {
                files.Add(file);
            }
        }
        catch (NotSupportedException error)
        {
            throw new SqlEngineException(error.Message, error);
        }

        var total = scan.Snapshot?.Summary.GetValueOrDefault(SummaryKeys.TotalDataFiles) is { } text
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var counted)
                ? counted
                : files.Count + scan.Counters.FilesSkipped;
        return (files, new ScanStatistics(files.Count, Math.Max(0, total - files.Count)));
    }

    private async Task<ScanStatistics> ShowAsync(
        ShownTable table, Expression filter, CancellationToken cancellationToken)
    {
        if (table is ShownMetadata metadata)
        {
            var select = await metadataRows.StageAsync(metadata, cancellationToken);
            await CreateAsync(new View(table.Mention, select, null, ScanStatistics.None), cancellationToken);
            return ScanStatistics.None;
        }

        var rows = (ShownRows)table;
        var whole = filter == Expression.True ? rows.Version : null;
        if (whole is not null && _views.TryGetValue(NameOf(table.Mention), out var shown)
            && whole.Equals(shown.WholeAt, StringComparison.Ordinal))
        {
            return shown.Statistics;
        }

        var scan = rows.Where(filter);
        var (files, statistics) = await PlanAsync(scan, cancellationToken);
        await ShowAsync(rows, scan.Schema, files, whole, statistics, cancellationToken);
        return statistics;
    }

    private async Task ShowAsync(
        ShownRows shown, Schema schema, IReadOnlyList<FileScanTask> files, string? whole, ScanStatistics statistics,
        CancellationToken cancellationToken)
    {
        var rows = await reader.OpenAsync(
            shown.Table.Io, shown.Table.Metadata, schema, files, whole: false, cancellationToken);
        try
        {
            await CreateAsync(
                new View(shown.Mention, rows.Select, whole, statistics) { Rows = rows }, cancellationToken);
        }
        catch
        {
            await rows.DisposeAsync();
            throw;
        }
    }

    /// <summary>Shows every other table without its rows, for statements that look at the list of tables.</summary>
    private async Task ListAsync(List<ShownTable> shown, CancellationToken cancellationToken)
    {
        foreach (var identifier in await tables.AllAsync(cancellationToken))
        {
            var mention = TableLookup.MentionOf(identifier);
            if (!shown.Exists(t => t.Mention.IsSame(mention))
                && await tables.FindAsync(mention, cancellationToken) is { } table)
            {
                await CreateAsync(
                    new View(mention, TableSql.Empty(table.Schema), null, ScanStatistics.None), cancellationToken);
            }
        }
    }

    private async Task CreateAsync(View view, CancellationToken cancellationToken)
    {
        var name = NameOf(view.Mention);
        _views.TryGetValue(name, out var current);
        if (current is not null && current.Select.Equals(view.Select, StringComparison.Ordinal))
        {
            await ReplaceAsync(name, current, view);
            return;
        }

        var schema = view.Mention.Namespace;
        if (_schemas.Add(schema))
        {
            await duckDb.ExecuteAsync(
                $"CREATE SCHEMA IF NOT EXISTS {DuckDbInstance.Catalog}.{SqlText.Name(schema)}",
                cancellationToken);
        }

        await duckDb.ExecuteAsync($"CREATE OR REPLACE VIEW {name} AS {view.Select}", cancellationToken);
        await ReplaceAsync(name, current, view);
    }

    private async Task ReplaceAsync(string name, View? old, View view)
    {
        _views[name] = view;
        if (old?.Rows is { } rows)
        {
            await rows.DisposeAsync();
        }
    }

    private async Task DropAllButAsync(List<ShownTable> kept, CancellationToken cancellationToken)
    {
        foreach (var (name, view) in _views.Where(v => !kept.Exists(t => t.Mention == v.Value.Mention)).ToList())
        {
            await duckDb.ExecuteAsync($"DROP VIEW IF EXISTS {name}", cancellationToken);
            _views.Remove(name);
            if (view.Rows is { } rows)
            {
                await rows.DisposeAsync();
            }
        }
    }

    private async Task<List<ShownTable>> LoadAsync(
        IEnumerable<TableMention> mentions,
        IReadOnlyList<TravelReference> travels,
        IReadOnlyDictionary<string, object?> parameters,
        CancellationToken cancellationToken)
    {
        var loaded = new List<ShownTable>();
        var seen = new List<TableMention>();
        foreach (var mention in mentions)
        {
            if (seen.Exists(s => s.IsSame(mention)))
            {
                continue;
            }

            seen.Add(mention);
            if (await _shown.FindAsync(mention, travels, parameters, cancellationToken) is { } table)
            {
                loaded.Add(table);
            }
        }

        return loaded;
    }

    private static ShownTable? Find(List<ShownTable> loaded, TableMention mention) =>
        loaded.Find(t => mention.IsSame(t.Mention));

    private static string NameOf(TableMention mention) =>
        $"{DuckDbInstance.Catalog}.{SqlText.Name(mention.Namespace)}.{SqlText.Name(mention.Name)}";

    /// <param name="Mention">The name that it has in statements.</param>
    /// <param name="Select">What the view shows.</param>
    /// <param name="WholeAt">The version of which it shows every file; null when it shows fewer.</param>
    /// <param name="Statistics">The files that it shows.</param>
    private sealed record View(TableMention Mention, string Select, string? WholeAt, ScanStatistics Statistics)
    {
        /// <summary>What the view reads; null when it shows no rows.</summary>
        public TableRows? Rows { get; init; }
    }
}
