using System.Globalization;
using PvLakehouse.Engine.DuckDb.Reading.Deletes;
using PvLakehouse.Engine.DuckDb.Reading.Projection;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>The rows of some data files that are not deleted. Disposing it frees the files and the deletes.</summary>
internal sealed class TableRows : IAsyncDisposable
{
    /// <summary>Column of <see cref="Numbered"/>: the number of the row's file, its place in <see cref="Files"/>.</summary>
    public const string FileColumn = "__file";

    /// <summary>Column of <see cref="Numbered"/>: the place of the row in its file, from 0.</summary>
    public const string PositionColumn = "__position";

    private readonly DuckDbStatements _duckDb;
    private readonly Schema _schema;
    private readonly IReadOnlyList<ReadTarget> _targets;
    private readonly IReadOnlyList<ReadGroup> _groups;
    private readonly StagedDeletes _deletes;
    private readonly DeleteScopes _scopes;
    private readonly LocalFiles _held;

    public TableRows(
        DuckDbStatements duckDb, Schema schema, IReadOnlyList<ReadTarget> targets, IReadOnlyList<ReadGroup> groups,
        StagedDeletes deletes, DeleteScopes scopes, LocalFiles held)
    {
        _duckDb = duckDb;
        _schema = schema;
        _targets = targets;
        _groups = groups;
        _deletes = deletes;
        _scopes = scopes;
        _held = held;
        Files = [.. groups.SelectMany(g => g.Tasks)];
        Select = groups.Count == 0 ? TableSql.Empty(schema) : string.Join("\nUNION ALL ", groups.Select(g => Of(g, numbered: false)));
    }

    /// <summary>The files, in the order of their numbers, which need not be the order asked for.</summary>
    public IReadOnlyList<FileScanTask> Files { get; }

    /// <summary>A SELECT of exactly the columns of the schema.</summary>
    public string Select { get; }

    /// <summary>A relation, in parentheses, of the columns and where each row lies.</summary>
    /// <param name="only">Numbers of the files that are wanted; null for all.</param>
    public string Numbered(IReadOnlyCollection<int>? only = null)
    {
        var chosen = only?.ToHashSet();
        var groups = _groups.Select(g => chosen is null ? (g, Numbers: [.. g.Numbers]) : (g, Numbers: (int[])[.. g.Numbers.Where(chosen.Contains)]))
            .Where(g => g.Numbers.Length > 0).ToList();
        return groups.Count == 0
            ? $"(SELECT *, 0::UBIGINT AS {FileColumn}, 0::BIGINT AS {PositionColumn} FROM ({TableSql.Empty(_schema)}))"
            : $"({string.Join("\nUNION ALL ", groups.Select(g => Of(g.g, numbered: true, g.Numbers)))})";
    }

    /// <summary>Lets go of the files alone, at the end of a session, with which its tables go.</summary>
    public void Release() => _held.Dispose();

    public async ValueTask DisposeAsync()
    {
        Release();
        foreach (var table in _deletes.Tables)
        {
            await _duckDb.ExecuteAsync($"DROP TABLE IF EXISTS {table}", CancellationToken.None);
        }
    }

    private string Of(ReadGroup group, bool numbered, int[]? numbers = null)
    {
        numbers ??= [.. group.Numbers];
        var whole = numbers.Length == group.Tasks.Count;
        var tasks = whole ? group.Tasks : [.. numbers.Select(n => group.Tasks[n - group.First])];
        var call = new ReadCall(group.Targets, group.Plan, whole ? group.Files : [.. numbers.Select(n => group.Files[n - group.First])]);
        var number = Contiguous(numbers)
            ? FormattableString.Invariant($"{ReadCall.FileIndex} + CAST({numbers[0]} AS UBIGINT)")
            : ReadCall.OfFile([.. numbers.Select(n => n.ToString(CultureInfo.InvariantCulture))], "UBIGINT");
        string[] place = [$"{number} AS {FileColumn}", $"{ReadCall.FileRow} AS {PositionColumn}"];
        if (!group.HasDeletes)
        {
            return $"SELECT {SqlText.List([.. call.Columns.Take(_targets.Count), .. numbered ? place : []])} FROM {call.From}";
        }

        var keys = _deletes.Keys;
        var extra = new List<string>(place);
        if (keys.Any(k => !k.Everywhere))
        {
            extra.Add($"{ReadCall.OfFile([.. tasks.Select(t => _scopes.Of(t.File))], "INTEGER")} AS __scope");
        }

        var youngest = tasks.Max(t => t.SequenceNumber);
        if (keys.Any(k => k.Oldest <= youngest))
        {
            var ages = tasks.Select(t => t.SequenceNumber.ToString(CultureInfo.InvariantCulture));
            extra.Add($"{ReadCall.OfFile([.. ages], "BIGINT")} AS __age");
        }

        string[] shown = [.. _targets.Select(t => $"t.{SqlText.Name(t.Name)}"), .. numbered ? [FileColumn, PositionColumn] : Array.Empty<string>()];
        var joins = keys.Select((k, i) => Join(k, i, youngest));
        var positions = _deletes.Positions is { } table
            ? $" ANTI JOIN {table} p ON p.file = t.{FileColumn} AND p.position = t.{PositionColumn}"
            : "";
        return $"SELECT {SqlText.List(shown)} FROM (SELECT {SqlText.List([.. call.Columns, .. extra])} FROM {call.From}) t{positions}{string.Concat(joins)}";
    }

    private static string Join(StagedKeys keys, int index, long youngest)
    {
        var e = FormattableString.Invariant($"e{index}");
        var conditions = keys.Keys.Select((k, i) => FormattableString.Invariant($"{e}.k{i} IS NOT DISTINCT FROM {k}"))
            .Concat(keys.Everywhere ? [] : [$"{e}.scope = t.__scope"])
            .Concat(keys.Oldest > youngest ? [] : [$"{e}.age > t.__age"]);
        return $" ANTI JOIN {keys.Table} {e} ON {string.Join(" AND ", conditions)}";
    }

    private static bool Contiguous(int[] numbers) => numbers[^1] - numbers[0] == numbers.Length - 1;
}
