using System.Globalization;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Merging;

/// <summary>The source of a merge: its rows once and for all, and which part of the target they can meet.</summary>
internal sealed class MergeSource
{
    /// <summary>The session-local table with the rows.</summary>
    public const string Name = "temp.__merge_source";

    private const int LargestSet = 100;
    private const int MostPartitions = 2000;
    private readonly List<int> _positions = [];
    private HashSet<PartitionValues>? _partitions;
    private int _specId;

    private MergeSource(long rows, Expression keys)
    {
        Rows = rows;
        Keys = keys;
    }

    public long Rows { get; }

    /// <summary>Selects at least every target row that has the key of a source row.</summary>
    public Expression Keys { get; }

    /// <summary>Runs the SELECT once and checks that every row has a key of its own.</summary>
    /// <exception cref="SqlEngineException">A key is null or occurs twice.</exception>
    public static async Task<MergeSource> StageAsync(
        DuckDbStatements duckDb, Table table, MergeColumns columns, string select, CancellationToken cancellationToken)
    {
        await duckDb.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE __merge_source AS {select}", cancellationToken);
        await CheckKeysAsync(duckDb, table, columns, cancellationToken);
        var rows = (long)(await duckDb.RowsAsync($"SELECT count(*) FROM {Name}", cancellationToken))[0][0]!;
        var keys = Expression.True;
        foreach (var key in columns.Keys)
        {
            keys = Expression.And(keys, await RangeAsync(duckDb, key, cancellationToken));
        }

        var source = new MergeSource(rows, rows == 0 ? Expression.False : keys);
        await source.FindPartitionsAsync(duckDb, table, columns, cancellationToken);
        return source;
    }

    /// <summary>Whether the partition of a file can hold the key of a source row.</summary>
    public bool MayMeet(FileScanTask file) =>
        _partitions is null || file.Spec.SpecId != _specId
        || _partitions.Contains(new PartitionValues([.. _positions.Select(p => file.File.Partition[p])]));

    private static async Task CheckKeysAsync(DuckDbStatements duckDb, Table table, MergeColumns columns, CancellationToken cancellationToken)
    {
        var isNull = string.Join(" OR ", columns.Keys.Select(k => $"{SqlText.Name(k.Name)} IS NULL"));
        var bad = await duckDb.RowsAsync($"""
            (SELECT 1 AS times, {columns.KeyNames} FROM {Name} WHERE {isNull} LIMIT 1)
            UNION ALL
            (SELECT count(*) AS times, {columns.KeyNames} FROM {Name} GROUP BY {columns.KeyNames} HAVING count(*) > 1 LIMIT 1)
            """, cancellationToken);
        if (bad.Count == 0)
        {
            return;
        }

        var key = string.Join(", ", columns.Keys.Select((k, i) => $"{k.Name} = {Text(bad[0][i + 1])}"));
        throw new SqlEngineException(Convert.ToInt64(bad[0][0], CultureInfo.InvariantCulture) == 1
            ? $"The merge into {table.Identifier} has a row with a null in its key ({key}); key columns must have values."
            : $"The merge into {table.Identifier} has {bad[0][0]} rows of one key ({key}); the SELECT must give each key once.");
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        DateTime { Kind: DateTimeKind.Utc } instant => instant.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        DateTime clock => clock.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        string text => $"'{text}'",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>The values of one key column as a set when they are few, else as a range; everything when their type is no help.</summary>
    private static async Task<Expression> RangeAsync(DuckDbStatements duckDb, NestedField key, CancellationToken cancellationToken)
    {
        if (key.Type is not PrimitiveType { Kind: TypeKind.Int or TypeKind.Long or TypeKind.String or TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampTz } type
            || key.Name.Contains('.', StringComparison.Ordinal))
        {
            return Expression.True;
        }

        var name = SqlText.Name(key.Name);
        var few = await duckDb.RowsAsync(
            FormattableString.Invariant($"SELECT CAST({name} AS VARCHAR) FROM {Name} GROUP BY ALL LIMIT {LargestSet + 1}"), cancellationToken);
        var ends = few.Count <= LargestSet
            ? few
            : await duckDb.RowsAsync(
                $"SELECT CAST(unnest([min({name}), max({name})]) AS VARCHAR) FROM {Name}", cancellationToken);
        var values = ends.Select(r => r[0] is string text ? DuckDbText.Read(type, text) : null).ToList();
        if (values.Count == 0 || values.Exists(v => v is null))
        {
            return Expression.True;
        }

        return few.Count <= LargestSet
            ? Expression.In(key.Name, values.Select(v => (object)v!.Value))
            : Expression.And(
                Expression.GreaterThanOrEqual(key.Name, values[0]!.Value), Expression.LessThanOrEqual(key.Name, values[1]!.Value));
    }

    /// <summary>The partitions of the source, by those partition fields that follow from the key alone.</summary>
    private async Task FindPartitionsAsync(DuckDbStatements duckDb, Table table, MergeColumns columns, CancellationToken cancellationToken)
    {
        var expressions = new List<string>();
        var fields = new List<PartitionField>();
        foreach (var (position, field) in table.Spec.Fields.Index())
        {
            if (columns.Keys.FirstOrDefault(k => k.Id == field.SourceId) is { Type: PrimitiveType type } key)
            {
                expressions.Add($"CAST({TransformSql.Of(field.Transform, type, SqlText.Name(key.Name))} AS VARCHAR)");
                _positions.Add(position);
                fields.Add(field);
            }
        }

        if (expressions.Count == 0)
        {
            return;
        }

        var rows = await duckDb.RowsAsync(FormattableString.Invariant(
            $"SELECT DISTINCT {SqlText.List(expressions)} FROM {Name} LIMIT {MostPartitions + 1}"), cancellationToken);
        if (rows.Count > MostPartitions)
        {
            return;
        }

        var spec = new PartitionColumns(table.Schema, new PartitionSpec(table.Spec.SpecId, fields));
        _specId = table.Spec.SpecId;
        _partitions = [.. rows.Select(r => spec.Read([.. r.Select(v => v as string)]))];
    }
}
