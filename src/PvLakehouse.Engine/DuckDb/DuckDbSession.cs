using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using PvLakehouse.Engine.DuckDb.Merging;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>A session in a DuckDB of its own.</summary>
internal sealed partial class DuckDbSession : ISqlSession
{
    private readonly DuckDBConnection _connection;
    private readonly DuckDbStatements _duckDb;
    private readonly TableLookup _tables;
    private readonly IcebergViews _views;
    private readonly RelationBinder _relations;
    private readonly WholeTableWrites _writes;
    private readonly MergeWriter _merges;
    private readonly string _folder;
    private DuckDbStatements.OpenQuery? _open;

    public DuckDbSession(DuckDBConnection connection, TableLookup tables, SessionFiles files, DuckDbEngineOptions options, string folder)
    {
        _connection = connection;
        _folder = folder;
        _tables = tables;
        _duckDb = new DuckDbStatements(connection);
        var reader = new TableReader(_duckDb, files);
        _views = new IcebergViews(tables, reader, _duckDb);
        _relations = new RelationBinder(tables, reader, _duckDb);
        var selects = new BoundSelect(_duckDb, _views);
        _writes = new WholeTableWrites(_duckDb, files.DataFiles, tables, selects, options.ConflictRetries);
        _merges = new MergeWriter(_duckDb, reader, files.DataFiles, tables, selects, options.ConflictRetries);
    }

    public async Task BindAsync(string name, Relation relation, CancellationToken cancellationToken = default)
    {
        await CloseResultAsync();
        await _relations.BindAsync(name, relation, cancellationToken);
    }

    public async Task<long> StageAsync(
        string name, IReadOnlyList<StagedColumn> columns, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken = default)
    {
        await CloseResultAsync();
        return await new RowStager(_connection, _duckDb).StageAsync(name, columns, rows, cancellationToken);
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken = default)
    {
        await CloseResultAsync();
        if (TemporaryTable().Match(sql) is { Success: true } head && !sql.AsSpan().TrimEnd().TrimEnd(';').Contains(';'))
        {
            // The rows are taken over at once, so the files may be pruned as for a query.
            await _views.ShowAsync(await SqlStatement.ParseAsync(sql[head.Length..], _duckDb, cancellationToken), null, cancellationToken);
        }
        else
        {
            await _views.PinAsync(sql, cancellationToken);
        }

        await _duckDb.ExecuteAsync(sql, cancellationToken);
    }

    public async Task<SqlResult> QueryAsync(
        string sql, IReadOnlyDictionary<string, object?>? parameters = null, CancellationToken cancellationToken = default)
    {
        await CloseResultAsync();
        var statement = await SqlStatement.ParseAsync(sql, _duckDb, cancellationToken);
        var scan = await _views.ShowAsync(statement, parameters, cancellationToken);
        try
        {
            var (columns, query) = await _duckDb.StreamAsync(SqlText.WithoutSemicolon(sql), parameters, cancellationToken);
            _open = query;
            return new SqlResult(columns, query.ReadAsync(CancellationToken.None), query.DisposeAsync) { Scan = scan };
        }
        catch (SqlEngineException failure)
        {
            throw await _tables.WithFullNameAsync(failure, cancellationToken);
        }
    }

    public async Task<WriteOutcome> AppendAsync(
        TableIdentifier target, string select, WriteOptions options, CancellationToken cancellationToken = default)
    {
        await CloseResultAsync();
        return await _writes.AppendAsync(target, select, options, cancellationToken);
    }

    public async Task<WriteOutcome> OverwriteAsync(
        TableIdentifier target, string select, WriteOptions options, CancellationToken cancellationToken = default)
    {
        await CloseResultAsync();
        return await _writes.OverwriteAsync(target, select, options, cancellationToken);
    }

    public async Task<WriteOutcome> MergeAsync(
        TableIdentifier target, string select, MergeOptions options, CancellationToken cancellationToken = default)
    {
        await CloseResultAsync();
        return await _merges.MergeAsync(target, select, options, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseResultAsync();
        await _connection.DisposeAsync();
        _views.Release();
        _relations.Release();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async ValueTask CloseResultAsync()
    {
        if (_open is { } open)
        {
            _open = null;
            await open.DisposeAsync();
        }
    }

    [GeneratedRegex(
        """^\s*CREATE\s+(OR\s+REPLACE\s+)?TEMP(ORARY)?\s+TABLE\s+(IF\s+NOT\s+EXISTS\s+)?("([^"]|"")+"|[\w.]+)\s+AS\s+(?=SELECT\b|WITH\b|FROM\b)""",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TemporaryTable();
}
