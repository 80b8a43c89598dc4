using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Maintenance;

namespace PvLakehouse.Engine;

/// <summary>One unit of work: what was staged, bound or created lives as long as the session.</summary>
/// <remarks>
/// Every table of the catalog is readable as <c>iceberg.&lt;namespace&gt;.&lt;table&gt;</c> in every statement, at the
/// head it has when the statement starts. A session is not for several threads at once; open one session for each. It
/// also reads and writes the rows when data files are compacted: <c>table.RewriteDataFiles().RunAsync(session)</c>.
/// </remarks>
public interface ISqlSession : IFileGroupRewriter, IAsyncDisposable
{
    /// <summary>
    /// Makes <paramref name="name"/> readable in this session: a table at a snapshot, or the rows that snapshots added.
    /// </summary>
    /// <exception cref="SqlEngineException">The table or the snapshot does not exist.</exception>
    Task BindAsync(string name, Relation relation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Turns rows from C# into the session-local table <paramref name="name"/>, replacing one of that name.
    /// </summary>
    /// <param name="name">Name of the table in later statements.</param>
    /// <param name="columns">The columns, in the order of the values of a row.</param>
    /// <param name="rows">Rows, streamed in bounded memory; null is SQL's null.</param>
    /// <param name="cancellationToken">Stops the work; the table is then undefined.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="SqlEngineException">
    /// A row has another number of values, or a value does not fit its column.
    /// </exception>
    Task<long> StageAsync(
        string name,
        IReadOnlyList<StagedColumn> columns,
        IAsyncEnumerable<object?[]> rows,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs a statement of the program itself for its effect: macros, session-local tables and views.
    /// </summary>
    /// <remarks>
    /// For statements that users type there are <see cref="QueryAsync"/>, which only reads, and <see cref="RunAsync"/>.
    /// </remarks>
    /// <exception cref="SqlEngineException">The statement failed.</exception>
    Task ExecuteAsync(string sql, CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs one statement of a user who may change tables, or one that reads as <see cref="QueryAsync"/> does.
    /// </summary>
    /// <remarks>
    /// <para>INSERT INTO, INSERT OVERWRITE, UPDATE, DELETE, TRUNCATE and MERGE INTO change rows and answer with one
    /// row: rows_inserted, rows_updated, rows_deleted and snapshot_id. CREATE, ALTER and DROP of tables and schemas
    /// answer with a sentence, CALL and ALTER TABLE ... EXECUTE with what the procedure reports. Iceberg's spellings of
    /// Spark and of Trino are both understood. Anything else is refused.</para>
    /// <para>INSERT OVERWRITE replaces the partitions that get rows, and a table without partitions whole (Spark's mode
    /// <c>dynamic</c>, which Iceberg recommends; Spark's default, <c>static</c>, would empty the whole table).
    /// <c>INSERT OVERWRITE t PARTITION (day = DATE '2024-02-29') SELECT ...</c> replaces the rows of that day, also by
    /// none; the query then leaves the column out.</para>
    /// <para>Rows are changed by copy-on-write in one commit, which is done again from the new head when another writer
    /// was faster. Serializable unless <c>write.delete.isolation-level</c> and its sisters say <c>snapshot</c>.</para>
    /// </remarks>
    /// <param name="sql">The statement.</param>
    /// <param name="parameters">
    /// Values for <c>$name</c> in the statement, by name without the <c>$</c>; bound, never concatenated.
    /// </param>
    /// <param name="cancellationToken">Interrupts the statement; nothing is changed then.</param>
    /// <returns>The rows; valid until the next statement of this session.</returns>
    /// <exception cref="SqlEngineException">
    /// The statement is refused or failed; the message is one sentence and, where known, a hint.
    /// </exception>
    Task<SqlResult> RunAsync(
        string sql,
        IReadOnlyDictionary<string, object?>? parameters = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs one reading statement: SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN or PIVOT.
    /// </summary>
    /// <remarks>
    /// A table may be named at another version (<c>t FOR VERSION AS OF 123</c>, <c>t FOR VERSION AS OF 'branch'</c>,
    /// <c>t FOR TIMESTAMP AS OF now() - INTERVAL 1 DAY</c>), and what it knows of itself is a table too:
    /// <c>"t$snapshots"</c> or <c>t.snapshots</c>.
    /// </remarks>
    /// <param name="sql">The statement.</param>
    /// <param name="parameters">
    /// Values for <c>$name</c> in the statement, by name without the <c>$</c>; bound, never concatenated.
    /// </param>
    /// <param name="cancellationToken">Interrupts the query.</param>
    /// <returns>The rows, streamed; valid until the next statement of this session.</returns>
    /// <exception cref="SqlEngineException">
    /// The statement is refused or failed; the message is one sentence and, where known, a hint.
    /// </exception>
    Task<SqlResult> QueryAsync(
        string sql,
        IReadOnlyDictionary<string, object?>? parameters = null,
        CancellationToken cancellationToken = default);

    /// <summary>Adds the rows of a SELECT to a table.</summary>
    /// <param name="target">The table.</param>
    /// <param name="select">
    /// Any SELECT that is valid in this session; its columns are matched by name and cast to the table's types.
    /// </param>
    /// <param name="options">What the commit records.</param>
    /// <param name="cancellationToken">Stops the work; nothing is committed and no file stays behind.</param>
    /// <exception cref="SqlEngineException">
    /// A column is unknown, a required column is missing or null, or the SELECT failed.
    /// </exception>
    Task<WriteOutcome> AppendAsync(
        TableIdentifier target, string select, WriteOptions options, CancellationToken cancellationToken = default);

    /// <summary>Replaces all rows of a table by those of a SELECT, in one commit.</summary>
    /// <exception cref="SqlEngineException">
    /// As for <see cref="AppendAsync"/>; or another writer changed the table meanwhile.
    /// </exception>
    Task<WriteOutcome> OverwriteAsync(
        TableIdentifier target, string select, WriteOptions options, CancellationToken cancellationToken = default);

    /// <summary>
    /// Inserts the rows of a SELECT whose key is new and replaces those that differ; identical rows are left alone.
    /// </summary>
    /// <exception cref="SqlEngineException">
    /// As for <see cref="AppendAsync"/>; or two rows of the SELECT share a key.
    /// </exception>
    Task<WriteOutcome> MergeAsync(
        TableIdentifier target, string select, MergeOptions options, CancellationToken cancellationToken = default);

    /// <summary>
    /// The filter of a condition in SQL, for choosing files: what it does not select cannot fulfil the condition.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="condition">Comparisons of its columns with constants, joined by AND and OR.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SqlEngineException">
    /// The condition is no SQL, names another column, or chooses nothing.
    /// </exception>
    Task<Expression> FilterAsync(
        TableIdentifier table, string condition, CancellationToken cancellationToken = default);
}
