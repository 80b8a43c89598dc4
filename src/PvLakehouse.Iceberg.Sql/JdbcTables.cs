using System.Data.Common;

namespace PvLakehouse.Iceberg.Sql;

/// <summary>The tables of the JDBC catalog: made as version 1, used as version 0 or 1, never altered.</summary>
internal static class JdbcTables
{
    /// <summary>Longest location or property value that the tables can hold [characters].</summary>
    public const int LongestValue = 1000;

    /// <summary>Longest name that the tables can hold [characters].</summary>
    public const int LongestName = 255;

    /// <summary>The key that marks a namespace as there; its value is "true".</summary>
    public const string ExistsKey = "exists";

    private const string CreateTables =
        """
        CREATE TABLE IF NOT EXISTS iceberg_tables (
          catalog_name VARCHAR(255) NOT NULL,
          table_namespace VARCHAR(255) NOT NULL,
          table_name VARCHAR(255) NOT NULL,
          metadata_location VARCHAR(1000),
          previous_metadata_location VARCHAR(1000),
          iceberg_type VARCHAR(5),
          PRIMARY KEY (catalog_name, table_namespace, table_name))
        """;

    private const string CreateProperties =
        """
        CREATE TABLE IF NOT EXISTS iceberg_namespace_properties (
          catalog_name VARCHAR(255) NOT NULL,
          namespace VARCHAR(255) NOT NULL,
          property_key VARCHAR(255),
          property_value VARCHAR(1000),
          PRIMARY KEY (catalog_name, namespace, property_key))
        """;

    /// <summary>Makes the tables when they are not there.</summary>
    /// <returns>Whether rows tell tables from views (version 1); databases of older clients do not.</returns>
    public static async Task<bool> PrepareAsync(SqlDialect dialect, CancellationToken cancellationToken)
    {
        await using var connection = await dialect.OpenAsync(cancellationToken);
        if (!await dialect.HasColumnAsync(connection, "iceberg_tables", "metadata_location", cancellationToken)
            || !await dialect.HasColumnAsync(connection, "iceberg_namespace_properties", "property_key", cancellationToken))
        {
            await dialect.PrepareNewAsync(connection, cancellationToken);
            await using var transaction = await dialect.BeginWriteAsync(connection, cancellationToken);
            await dialect.LockSetupAsync(connection, transaction, cancellationToken);
            await ExecuteAsync(connection, transaction, CreateTables, cancellationToken);
            await ExecuteAsync(connection, transaction, CreateProperties, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return await dialect.HasColumnAsync(connection, "iceberg_tables", "iceberg_type", cancellationToken);
    }

    private static async Task ExecuteAsync(
        DbConnection connection, DbTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
