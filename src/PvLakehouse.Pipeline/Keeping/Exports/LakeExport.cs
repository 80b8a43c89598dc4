using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Keeping.Exports;

/// <summary>Writes tables for programs that know nothing of lakes; all of them as they were at one moment.</summary>
/// <param name="lake">The lake; its engine must be allowed to write into the folder of the export.</param>
public sealed class LakeExport(Lake lake)
{
    private const string Relation = "exported_rows";
    private const string Database = "pvlake_export";

    /// <summary>The name of the database file of <see cref="ExportFormat.DuckDb"/>.</summary>
    public const string DatabaseFile = "lake.duckdb";

    /// <summary>Exports tables.</summary>
    /// <param name="folder">Where to; a folder that is new, empty, or holds an earlier export.</param>
    /// <param name="format">What to.</param>
    /// <param name="wanted">Whether a table is exported.</param>
    /// <param name="cancellationToken">Stops the work; an earlier export stays as it is.</param>
    /// <exception cref="PipelineException">The folder holds other files, or no table is wanted.</exception>
    public async Task<ExportManifest> RunAsync(
        string folder, ExportFormat format, Func<TableIdentifier, bool> wanted, CancellationToken cancellationToken = default)
    {
        var at = lake.Clock.GetUtcNow();
        var tables = (await TableHeads.PinAsync(lake.Catalog, cancellationToken)).Where(table => wanted(table.Identifier)).ToList();
        if (tables.Count == 0)
        {
            throw new PipelineException("The lake has no such table; 'pvlake tables' lists what there is.");
        }

        var target = await ExportFolder.OpenAsync(folder, cancellationToken);
        try
        {
            await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
            var exported = format == ExportFormat.DuckDb
                ? await DatabaseAsync(session, target, tables, cancellationToken)
                : await FilesAsync(session, target, tables, format, cancellationToken);
            var manifest = new ExportManifest(at, NameOf(format), exported);
            await target.CompleteAsync(manifest, cancellationToken);
            return manifest;
        }
        finally
        {
            target.Discard();
        }
    }

    private static async Task<IReadOnlyList<ExportedTable>> FilesAsync(
        ISqlSession session, ExportFolder target, List<Table> tables, ExportFormat format, CancellationToken cancellationToken)
    {
        var exported = new List<ExportedTable>();
        foreach (var table in tables)
        {
            var name = $"{table.Identifier}.{NameOf(format)}";
            var columns = await BindAsync(session, table, cancellationToken);
            var (select, options) = format == ExportFormat.Csv
                ? (string.Join(", ", columns.Select(CsvValue)), "FORMAT csv, HEADER")
                : ("*", "FORMAT parquet, COMPRESSION zstd");
            await session.ExecuteAsync(
                $"COPY (SELECT {select} FROM {Rows(table)}) TO {Literal(target.Draft(name))} ({options})", cancellationToken);
            var (bytes, sha256) = await target.DescribeAsync(name, cancellationToken);
            exported.Add(new(table.Identifier.ToString(), table.Metadata.CurrentSnapshotId,
                await CountAsync(session, table, cancellationToken), name, bytes, sha256));
        }

        return exported;
    }

    private static async Task<IReadOnlyList<ExportedTable>> DatabaseAsync(
        ISqlSession session, ExportFolder target, List<Table> tables, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync($"ATTACH {Literal(target.Draft(DatabaseFile))} AS {Database}", cancellationToken);
        var counts = new List<long>();
        foreach (var table in tables)
        {
            await BindAsync(session, table, cancellationToken);
            var schema = $"{Database}.{Quote(table.Identifier.Namespace.ToString())}";
            await session.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {schema}", cancellationToken);
            await session.ExecuteAsync(
                $"CREATE TABLE {schema}.{Quote(table.Identifier.Name)} AS SELECT * FROM {Rows(table)}", cancellationToken);
            foreach (var column in table.Metadata.Schema.Columns.Where(column => column.Doc is { Length: > 0 }))
            {
                await session.ExecuteAsync(
                    $"COMMENT ON COLUMN {schema}.{Quote(table.Identifier.Name)}.{Quote(column.Name)} IS {Literal(column.Doc!)}",
                    cancellationToken);
            }

            counts.Add(await CountAsync(session, table, cancellationToken));
        }

        // Detaching writes everything into the one file.
        await session.ExecuteAsync($"DETACH {Database}", cancellationToken);
        var (bytes, sha256) = await target.DescribeAsync(DatabaseFile, cancellationToken);
        return [.. tables.Zip(counts, (table, rows) => new ExportedTable(
            table.Identifier.ToString(), table.Metadata.CurrentSnapshotId, rows, DatabaseFile, bytes, sha256))];
    }

    /// <summary>Makes a table's rows readable; its columns with their DuckDB types.</summary>
    private static async Task<IReadOnlyList<(string Name, string Type)>> BindAsync(
        ISqlSession session, Table table, CancellationToken cancellationToken)
    {
        await session.BindAsync(Relation, new TableAt(table.Identifier, table.Metadata.CurrentSnapshotId), cancellationToken);
        var described = await session.QueryAsync($"DESCRIBE {Relation}", parameters: null, cancellationToken);
        return [.. (await described.ToListAsync(cancellationToken)).Select(row => ((string)row[0]!, (string)row[1]!))];
    }

    /// <summary>A table that had no snapshot at the start may have one now, whose rows do not belong to the export.</summary>
    private static string Rows(Table table) => table.Metadata.CurrentSnapshotId is null ? $"{Relation} WHERE false" : Relation;

    private static async Task<long> CountAsync(ISqlSession session, Table table, CancellationToken cancellationToken)
    {
        var result = await session.QueryAsync($"SELECT count(*) FROM {Rows(table)}", parameters: null, cancellationToken);
        return Convert.ToInt64((await result.ToListAsync(cancellationToken))[0][0], CultureInfo.InvariantCulture);
    }

    private static string CsvValue((string Name, string Type) column)
    {
        var name = Quote(column.Name);
        return column.Type switch
        {
            "TIMESTAMP WITH TIME ZONE" => $"{Stamp($"({name} AT TIME ZONE 'UTC')")} || 'Z' AS {name}",
            "TIMESTAMP" => $"{Stamp(name)} AS {name}",
            _ => name,
        };
    }

    private static string Stamp(string value) => $"replace(strftime({value}, '%Y-%m-%dT%H:%M:%S.%f'), '.000000', '')";

#pragma warning disable CA1308 // Names of formats are written in lower case.
    private static string NameOf(ExportFormat format) => format.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
