using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Benchmarks;

/// <summary>The reference: the same DuckDB, the same SQL, but each table a folder of plain Parquet files without catalog, metadata or commits.</summary>
internal sealed class PlainParquetEngine(ISqlEngine duckDb, string folder) : ISqlEngine
{
    public async ValueTask<ISqlSession> OpenSessionAsync(CancellationToken cancellationToken = default) =>
        new PlainParquetSession(await duckDb.OpenSessionAsync(cancellationToken), folder);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The plain files of a table.</summary>
    public static string FolderOf(string folder, TableIdentifier table) => Directory.CreateDirectory(Path.Combine(folder, $"{table}")).FullName;

    private sealed class PlainParquetSession(ISqlSession session, string folder) : ISqlSession
    {
        public Task BindAsync(string name, Relation relation, CancellationToken cancellationToken = default) => relation is TableAt table
            ? session.ExecuteAsync(
                $"CREATE OR REPLACE TEMP VIEW \"{name}\" AS SELECT * FROM read_parquet('{FolderOf(folder, table.Table)}/*.parquet')", cancellationToken)
            : throw new NotSupportedException("The reference rebuilds whole tables; it knows no increments.");

        public Task<long> StageAsync(
            string name, IReadOnlyList<StagedColumn> columns, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken = default) =>
            session.StageAsync(name, columns, rows, cancellationToken);

        public Task ExecuteAsync(string sql, CancellationToken cancellationToken = default) => session.ExecuteAsync(sql, cancellationToken);

        public Task<SqlResult> QueryAsync(
            string sql, IReadOnlyDictionary<string, object?>? parameters = null, CancellationToken cancellationToken = default) =>
            session.QueryAsync(sql, parameters, cancellationToken);

        public Task<SqlResult> RunAsync(
            string sql, IReadOnlyDictionary<string, object?>? parameters = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("The reference has no tables that statements could change.");

        public Task<Expression> FilterAsync(
            TableIdentifier table, string condition, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("The reference knows no files to choose from.");

        public Task<IReadOnlyList<DataFile>> RewriteAsync(
            Table table, FileGroup group, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("The reference rebuilds whole tables.");

        public async Task<WriteOutcome> OverwriteAsync(
            TableIdentifier target, string select, WriteOptions options, CancellationToken cancellationToken = default)
        {
            var before = Directory.GetFiles(FolderOf(folder, target));
            var outcome = await AppendAsync(target, select, options, cancellationToken);
            Array.ForEach(before, File.Delete);
            return outcome;
        }

        public async Task<WriteOutcome> AppendAsync(
            TableIdentifier target, string select, WriteOptions options, CancellationToken cancellationToken = default)
        {
            var file = Path.Combine(FolderOf(folder, target), $"{Guid.NewGuid():N}.parquet");
            await session.ExecuteAsync($"COPY ({select}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)", cancellationToken);
            var result = await session.QueryAsync($"SELECT count(*) FROM read_parquet('{file}')", parameters: null, cancellationToken);
            var rows = Convert.ToInt64((await result.ToListAsync(cancellationToken))[0][0], CultureInfo.InvariantCulture);
            return new(SnapshotId: 0, rows, 0, 0, 0, new FileInfo(file).Length);
        }

        public Task<WriteOutcome> MergeAsync(
            TableIdentifier target, string select, MergeOptions options, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("The reference rebuilds whole tables.");

        public ValueTask DisposeAsync() => session.DisposeAsync();
    }
}
