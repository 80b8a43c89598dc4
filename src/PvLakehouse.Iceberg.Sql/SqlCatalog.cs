using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Sql;

/// <summary>A catalog in the tables of the JDBC catalog, so that Spark and PyIceberg can share it.</summary>
public static class SqlCatalog
{
    /// <summary>Opens a catalog in a SQLite file, which is made when it does not exist.</summary>
    /// <param name="databasePath">Path of the SQLite file.</param>
    /// <param name="warehouse">Root under which tables lie that name no location of their own: an absolute path or URI.</param>
    /// <param name="io">Storage of metadata files.</param>
    /// <param name="name">Name under which the catalog keeps its tables; Spark calls it the name of the Spark catalog.</param>
    /// <param name="context">Clock and ids; null means those of the system.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    public static Task<ICatalog> OpenSqliteAsync(
        string databasePath,
        string warehouse,
        IFileIO io,
        string name = "lh",
        CommitContext? context = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException("Comes with the next commits.");
}
