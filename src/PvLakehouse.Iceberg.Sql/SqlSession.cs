using System.Data.Common;

namespace PvLakehouse.Iceberg.Sql;

/// <summary>Runs statements with bound values on one connection, with or without a transaction.</summary>
internal sealed class SqlSession(DbConnection connection, DbTransaction? transaction = null)
{
    public async Task<int> ExecuteAsync(
        string sql, CancellationToken cancellationToken, params IReadOnlyList<(string Name, string? Value)> values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rows as texts; nulls stay null.</summary>
    public async Task<List<string?[]>> QueryAsync(
        string sql, CancellationToken cancellationToken, params IReadOnlyList<(string Name, string? Value)> values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string?[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new string?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = await reader.IsDBNullAsync(i, cancellationToken) ? null : reader.GetString(i);
            }

            rows.Add(row);
        }

        return rows;
    }

    private DbCommand Command(string sql, IReadOnlyList<(string Name, string? Value)> values)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            SqlDialect.Bind(command, name, value);
        }

        return command;
    }
}
