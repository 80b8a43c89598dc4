using System.Globalization;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Merging;

/// <summary>A column of a table that must equal an expression of the source for two rows to meet.</summary>
/// <param name="Column">The column of the table.</param>
/// <param name="Source">SQL over the source.</param>
internal sealed record KeyPair(NestedField Column, string Source);

/// <summary>The part of a table that the rows of a source can meet, by their keys: a set or a range of values, and partitions.</summary>
internal sealed class KeyScope
{
    private const int LargestSet = 100;
    private const int MostPartitions = 2000;
    private readonly List<int> _positions = [];
    private HashSet<PartitionValues>? _partitions;
    private int _specId;

    private KeyScope(Expression keys) => Keys = keys;

    /// <summary>Selects at least every table row that has the key of a source row.</summary>
    public Expression Keys { get; }

    /// <summary>Looks at the keys of a source. A source row with a null among them meets nothing.</summary>
    /// <param name="duckDb">The session.</param>
    /// <param name="table">The table.</param>
    /// <param name="pairs">What must be equal.</param>
    /// <param name="from">The source in SQL.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task<KeyScope> FindAsync(
        DuckDbStatements duckDb, Table table, IReadOnlyList<KeyPair> pairs, string from, CancellationToken cancellationToken)
    {
        var keys = Expression.True;
        foreach (var pair in pairs)
        {
            keys = Expression.And(keys, await RangeAsync(duckDb, pair, from, cancellationToken));
        }

        var scope = new KeyScope(keys);
        await scope.FindPartitionsAsync(duckDb, table, pairs, from, cancellationToken);
        return scope;
    }

    /// <summary>Whether the partition of a file can hold the key of a source row.</summary>
    public bool MayMeet(FileScanTask file) =>
        _partitions is null || file.Spec.SpecId != _specId
        || _partitions.Contains(new PartitionValues([.. _positions.Select(p => file.File.Partition[p])]));

    /// <summary>The values of one key column as a set when they are few, else as a range; everything when their type is no help.</summary>
    private static async Task<Expression> RangeAsync(DuckDbStatements duckDb, KeyPair pair, string from, CancellationToken cancellationToken)
    {
        var (column, key) = pair;
        if (column.Type is not PrimitiveType { Kind: TypeKind.Int or TypeKind.Long or TypeKind.String or TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampTz } type
            || column.Name.Contains('.', StringComparison.Ordinal))
        {
            return Expression.True;
        }

        var few = await duckDb.RowsAsync(FormattableString.Invariant(
            $"SELECT CAST({key} AS VARCHAR) FROM {from} WHERE {key} IS NOT NULL GROUP BY ALL LIMIT {LargestSet + 1}"), cancellationToken);
        if (few.Count == 0)
        {
            return Expression.False;
        }

        var ends = few.Count <= LargestSet
            ? few
            : await duckDb.RowsAsync($"SELECT CAST(unnest([min({key}), max({key})]) AS VARCHAR) FROM {from}", cancellationToken);
        var values = ends.Select(r => r[0] is string text ? DuckDbText.Read(type, text) : null).ToList();
        if (values.Exists(v => v is null))
        {
            return Expression.True;
        }

        return few.Count <= LargestSet
            ? Expression.In(column.Name, values.Select(v => (object)v!.Value))
            : Expression.And(
                Expression.GreaterThanOrEqual(column.Name, values[0]!.Value), Expression.LessThanOrEqual(column.Name, values[1]!.Value));
    }

    /// <summary>The partitions of the source, by those partition fields that follow from the key alone.</summary>
    private async Task FindPartitionsAsync(
        DuckDbStatements duckDb, Table table, IReadOnlyList<KeyPair> pairs, string from, CancellationToken cancellationToken)
    {
        var expressions = new List<string>();
        var fields = new List<PartitionField>();
        foreach (var (position, field) in table.Spec.Fields.Index())
        {
            if (pairs.FirstOrDefault(k => k.Column.Id == field.SourceId) is { Column.Type: PrimitiveType type } key)
            {
                expressions.Add($"CAST({TransformSql.Of(field.Transform, type, key.Source)} AS VARCHAR)");
                _positions.Add(position);
                fields.Add(field);
            }
        }

        if (expressions.Count == 0)
        {
            return;
        }

        var rows = await duckDb.RowsAsync(string.Create(CultureInfo.InvariantCulture,
            $"SELECT DISTINCT {SqlText.List(expressions)} FROM {from} LIMIT {MostPartitions + 1}"), cancellationToken);
        if (rows.Count > MostPartitions)
        {
            return;
        }

        var spec = new PartitionColumns(table.Schema, new PartitionSpec(table.Spec.SpecId, fields));
        _specId = table.Spec.SpecId;
        _partitions = [.. rows.Select(r => spec.Read([.. r.Select(v => v as string)]))];
    }
}
