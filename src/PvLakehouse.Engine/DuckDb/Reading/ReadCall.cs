using PvLakehouse.Engine.DuckDb.Reading.Projection;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>One call of DuckDB's table function over files that give their columns in the same way.</summary>
internal sealed class ReadCall
{
    /// <summary>DuckDB's virtual column: the place of the row's file in the list of the call, from 0.</summary>
    public const string FileIndex = "file_index";

    /// <summary>DuckDB's virtual column: the place of the row in its file, from 0.</summary>
    public const string FileRow = "file_row_number";

    /// <summary>Names of columns that DuckDB adds to those of the files.</summary>
    public static IReadOnlySet<string> Virtual { get; } =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase) { FileIndex, FileRow, "filename" };

    private readonly IReadOnlyList<ReadTarget> _targets;
    private readonly FilePlan _plan;
    private readonly IReadOnlyList<ReadFile> _files;
    private readonly Dictionary<string, (string Name, string Type)> _raw = new(StringComparer.Ordinal);

    public ReadCall(IReadOnlyList<ReadTarget> targets, FilePlan plan, IReadOnlyList<ReadFile> files)
    {
        _targets = targets;
        _plan = plan;
        _files = files;
        foreach (var (target, column) in targets.Zip(plan.Columns))
        {
            if (column.Source is { } source && !_raw.ContainsKey(source.Key))
            {
                // The virtual columns must stay visible beside a column of the same name.
                _raw.Add(
                    source.Key, (Virtual.Contains(target.Name) ? $"__raw_{target.Name}" : target.Name, source.Type));
            }
        }
    }

    /// <summary>The call.</summary>
    public string From
    {
        get
        {
            var files = SqlText.List(_files.Select(f => SqlText.Literal(f.Path)));

            // Without the number of rows DuckDB takes the files for empty and joins them the wrong way round.
            var rows = FormattableString.Invariant($"{Math.Max(1, _files.Sum(f => f.File.RecordCount))}");
            return $"read_parquet([{files}], {Columnwise}, explicit_cardinality = {rows})";
        }
    }

    /// <summary>What tells DuckDB which columns of the files are meant, or that it is all of them.</summary>
    private string Columnwise
    {
        get
        {
            if (_plan.AsIs is not null)
            {
                return "hive_partitioning = false";
            }

            var columns = _raw.Select(r =>
                $"{r.Key}: {{name: {SqlText.Literal(r.Value.Name)}, type: {SqlText.Literal(r.Value.Type)}, default_value: NULL}}");
            var map = _raw.Count > 0
                ? SqlText.List(columns)
                : "-1: {name: '__nothing', type: 'BOOLEAN', default_value: NULL}";
            return $"schema = MAP {{{map}}}";
        }
    }

    /// <summary>Expressions of all columns with their names, for a SELECT from the call.</summary>
    public IEnumerable<string> Columns => _targets.Zip(_plan.Columns, (target, column) =>
    {
        var name = SqlText.Name(target.Name);
        var raw = column.Source is { } source ? SqlText.Name(_raw[source.Key].Name) : "";
        return column.Expression is { } expression ? $"{Filled(expression, raw)} AS {name}"
            : raw.Equals(name, StringComparison.Ordinal) ? name
            : $"{raw} AS {name}";
    });

    /// <summary>SQL of a value that depends on the file of the row alone.</summary>
    /// <param name="values">SQL of the value of each file, in the order of the files.</param>
    /// <param name="type">DuckDB's type of the values.</param>
    public static string OfFile(IReadOnlyList<string> values, string type) =>
        values.Distinct(StringComparer.Ordinal).Take(2).Count() == 1
        ? $"CAST({values[0]} AS {type})"
        : $"CAST([{SqlText.List(values)}] AS {type}[])[CAST({FileIndex} AS BIGINT) + 1]";

    private string Filled(string expression, string raw)
    {
        var text = expression.Replace(ColumnPlan.Raw, raw, StringComparison.Ordinal);
        for (var position = 0; text.Contains('\u0004', StringComparison.Ordinal); position++)
        {
            var mark = ColumnPlan.PartitionValue(position);
            if (text.Contains(mark, StringComparison.Ordinal))
            {
                text = text.Replace(mark, PartitionValue(position), StringComparison.Ordinal);
            }
        }

        return text;
    }

    private string PartitionValue(int position)
    {
        var values = _files.Select(f => f.File.Partition[position]).ToList();
        return values.Find(v => v is not null) is { } any
            ? OfFile([.. values.Select(v => v is { } value ? LiteralSql.Of(value) : "NULL")], DuckDbTypes.Of(any.Type))
            : "NULL";
    }
}
