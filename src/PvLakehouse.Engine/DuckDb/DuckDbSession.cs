using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using PvLakehouse.Engine.DuckDb.Compaction;
using PvLakehouse.Engine.DuckDb.Merging;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.DuckDb.Statements;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Engine.Sql;
using PvLakehouse.Engine.Sql.TimeTravel;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>A session in a DuckDB that it has to itself.</summary>
internal sealed partial class DuckDbSession : ISqlSession
{
    private readonly DuckDbInstance _instance;
    private readonly InstancePool _pool;
    private readonly DuckDBConnection _connection;
    private readonly DuckDbStatements _duckDb;
    private readonly TableLookup _tables;
    private readonly IcebergViews _views;
    private readonly RelationBinder _relations;
    private readonly WholeTableWrites _writes;
    private readonly BoundSelect _selects;
    private readonly ChangeWriter _changes;
    private readonly StatementRunner _statements;
    private readonly GroupRewriter _compaction;
    private readonly FunctionRelations _functions;
    private DuckDbStatements.OpenQuery? _open;
    private bool _isPlain = true;
    private bool _isDisposed;

    public DuckDbSession(
        DuckDbInstance instance, InstancePool pool, TableLookup tables, SessionFiles files, DuckDbEngineOptions options)
    {
        _instance = instance;
        _pool = pool;
        var connection = instance.Connect();
        _connection = connection;
        _tables = tables;
        _duckDb = new DuckDbStatements(connection);
        _functions = new FunctionRelations(_duckDb, new RowStager(connection, _duckDb), options.TableFunctions);
        var reader = new TableReader(connection, _duckDb, files);
        _views = new IcebergViews(tables, reader, _duckDb, new MetadataRows(connection, _duckDb));
        _relations = new RelationBinder(tables, reader, _duckDb);
        _selects = new BoundSelect(_duckDb, _views);
        _writes = new WholeTableWrites(_duckDb, reader, files.DataFiles, tables, _selects, options.ConflictRetries);
        _changes = new ChangeWriter(_duckDb, reader, files.DataFiles, options.ConflictRetries);
        _statements = new StatementRunner(_duckDb, tables, _views, _changes, _writes, this, options.Time);
        _compaction = new GroupRewriter(_duckDb, reader, files.DataFiles);
    }

    public async Task BindAsync(string name, Relation relation, CancellationToken cancellationToken = default)
    {
        await CloseResultAsync();
        await _relations.BindAsync(name, relation, cancellationToken);
    }

    public async Task<long> StageAsync(
        string name, IReadOnlyList<StagedColumn> columns, IAsyncEnumerable<object?[]> rows,
        CancellationToken cancellationToken = default)
    {
        await CloseResultAsync();
        return await new RowStager(_connection, _duckDb).StageAsync(name, columns, rows, cancellationToken);
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken = default)
    {
        await CloseResultAsync();
        // The other ways to run statements refuse what is neither a query nor a change of Iceberg tables.
        _isPlain = _isPlain && SqlScript.Split(sql).All(statement => Temporary().IsMatch(statement));
        if (TemporaryTable().Match(sql) is { Success: true } head && !sql.AsSpan().TrimEnd().TrimEnd(';').Contains(';'))
        {
            // The rows are taken over at once, so the files may be pruned as for a query.
            await _views.ShowAsync(
                await SqlStatement.ParseAsync(sql[head.Length..], _duckDb, cancellationToken), null, cancellationToken);
        }
        else
        {
            await _views.PinAsync(sql, cancellationToken);
        }

        await _duckDb.ExecuteAsync(sql, cancellationToken);
    }

    public async Task<SqlResult> RunAsync(
        string sql, IReadOnlyDictionary<string, object?>? parameters = null,
        CancellationToken cancellationToken = default)
    {
        if (!SqlScript.Writes(sql))
        {
            return await QueryAsync(sql, parameters, cancellationToken);
        }

        await CloseResultAsync();
        sql = await _functions.StageAsync(sql, parameters, cancellationToken);
        return await _statements.RunAsync(
            sql, parameters ?? new Dictionary<string, object?>(StringComparer.Ordinal), cancellationToken);
    }

    public async Task<SqlResult> QueryAsync(
        string sql, IReadOnlyDictionary<string, object?>? parameters = null,
        CancellationToken cancellationToken = default)
    {
        await CloseResultAsync();
        sql = await _functions.StageAsync(sql, parameters, cancellationToken);
        var statement = await SqlStatement.ParseAsync(sql, _duckDb, cancellationToken);
        var scan = await _views.ShowAsync(statement, parameters, cancellationToken);
        try
        {
            var (columns, query) = await _duckDb.StreamAsync(
                SqlText.WithoutSemicolon(statement.Sql), TravelText.Left(statement.Sql, statement.Travels, parameters),
                cancellationToken);
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
        return await KeyedMerge.RunAsync(
            _duckDb, _changes, _selects, await _tables.LoadAsync(target, cancellationToken), select, options,
            cancellationToken);
    }

    public Task<Expression> FilterAsync(
        TableIdentifier table, string condition, CancellationToken cancellationToken = default) =>
        _statements.FilterAsync(table, condition, cancellationToken);

    public async Task<IReadOnlyList<DataFile>> RewriteAsync(
        Table table, FileGroup group, CancellationToken cancellationToken = default)
    {
        await CloseResultAsync();
        return await _compaction.RewriteAsync(table, group, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await CloseResultAsync();
        await _connection.DisposeAsync();
        _views.Release();
        _relations.Release();
        await _pool.ReturnAsync(_instance, _isPlain);
    }

    private async ValueTask CloseResultAsync()
    {
        if (_open is { } open)
        {
            _open = null;
            await open.DisposeAsync();
        }
    }

    /// <summary>What ends with the session's connection.</summary>
    [GeneratedRegex(
        @"^\s*(CREATE\s+(OR\s+REPLACE\s+)?TEMP(ORARY)?|DROP|ALTER\s+TABLE)\s",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Temporary();

    [GeneratedRegex(
        """^\s*CREATE\s+(OR\s+REPLACE\s+)?TEMP(ORARY)?\s+TABLE\s+(IF\s+NOT\s+EXISTS\s+)?("([^"]|"")+"|[\w.]+)\s+AS\s+(?=SELECT\b|WITH\b|FROM\b)""",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TemporaryTable();
}
