using System.Data;
using System.Data.Common;

namespace PvLakehouse.Iceberg.Sql;

/// <summary>What differs between databases that hold a catalog.</summary>
internal abstract class SqlDialect : IAsyncDisposable
{
    /// <summary>Where the database is, without password.</summary>
    public abstract string Address { get; }

    /// <summary>A connection that is open and ready for one use.</summary>
    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Settings that a database keeps, made once before the catalog's tables.</summary>
    public abstract Task PrepareNewAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Starts a transaction that will not be refused later because another writer is there.</summary>
    public abstract Task<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Keeps others from making the catalog's tables until the transaction ends.</summary>
    public abstract Task LockSetupAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken);

    /// <summary>Whether a table has a column; false also when there is no such table.</summary>
    public abstract Task<bool> HasColumnAsync(
        DbConnection connection, string table, string column, CancellationToken cancellationToken);

    /// <summary>Whether the failure says that a primary key is taken.</summary>
    public abstract bool IsKeyTaken(DbException failure);

    /// <summary>Whether the failure says that another writer holds the database, so that nothing was done.</summary>
    public abstract bool IsBusy(DbException failure);

    /// <summary>Whether the database could not be reached, so that what was not being committed may be tried again.</summary>
    public abstract bool IsTransient(DbException failure);

    /// <summary>Takes a named lock that ends with what is returned, or with the process; null when it is taken.</summary>
    public abstract Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken cancellationToken);

    /// <summary>Closes connections that are kept for another use.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Adds a bound value to a command.</summary>
    public static void Bind(DbCommand command, string name, string? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = DbType.String;
        parameter.Value = value ?? (object)DBNull.Value;
        command.Parameters.Add(parameter);
    }
}
