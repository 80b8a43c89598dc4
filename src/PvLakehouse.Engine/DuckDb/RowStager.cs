using System.Globalization;
using DuckDB.NET.Data;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>Streams rows from C# into a session-local table.</summary>
internal sealed class RowStager(DuckDBConnection connection, DuckDbStatements duckDb)
{
    public async Task<long> StageAsync(
        string name, IReadOnlyList<StagedColumn> columns, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        var definition = SqlText.List(columns.Select(c => $"{SqlText.Name(c.Name)} {DuckDbTypes.Of(c.Type)}"));
        await duckDb.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE {SqlText.Name(name)} ({definition})", cancellationToken);
        var writers = columns.Select(c => AppendedValue.For(c)).ToArray();
        var count = 0L;
        try
        {
            using var appender = connection.CreateAppender("temp", "main", name);
            await foreach (var row in rows.WithCancellation(cancellationToken))
            {
                if (row.Length != columns.Count)
                {
                    throw new SqlEngineException(string.Create(CultureInfo.InvariantCulture,
                        $"Row {count + 1} of '{name}' has {row.Length} values; expected {columns.Count}: {string.Join(", ", columns.Select(c => c.Name))}."));
                }

                var target = appender.CreateRow();
                for (var i = 0; i < row.Length; i++)
                {
                    Append(target, writers[i], row[i], columns[i], name, count);
                }

                target.EndRow();
                count++;
            }

            appender.Close();
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Clean(error);
        }

        return count;
    }

    private static void Append(
        IDuckDBAppenderRow target, Action<IDuckDBAppenderRow, object> write, object? value, StagedColumn column, string table, long row)
    {
        if (value is null)
        {
            target.AppendNullValue();
            return;
        }

        try
        {
            write(target, value);
        }
        catch (Exception error) when (error is InvalidCastException or OverflowException or FormatException or ArgumentException)
        {
            throw new SqlEngineException(string.Create(CultureInfo.InvariantCulture,
                $"Row {row + 1} of '{table}' has the value '{value}' ({value.GetType().Name}) in column '{column.Name}', which is no {column.Type}."), error);
        }
    }
}
