using Microsoft.Data.Sqlite;

namespace PvLakehouse.Pipeline.Keeping.Backups;

/// <summary>Copies of SQLite files that others may be writing: a file alone is not what was committed, for the newest commits lie beside it.</summary>
internal static class SqliteCopy
{
    private const string Extension = ".db";
    private static readonly string[] Beside = ["-wal", "-shm", "-journal"];

    /// <summary>Whether a name is that of a database.</summary>
    public static bool IsDatabase(string name) => name.EndsWith(Extension, StringComparison.Ordinal);

    /// <summary>Whether a name is that of a file which SQLite keeps beside a database; the copy has its content.</summary>
    public static bool IsBeside(string name) => Array.Exists(Beside, end => name.EndsWith(Extension + end, StringComparison.Ordinal));

    /// <summary>Makes a copy of all that was committed, for as long as it is used.</summary>
    /// <param name="path">The database.</param>
    /// <param name="use">Given the path of the copy.</param>
    public static async Task<T> WithAsync<T>(string path, Func<string, Task<T>> use)
    {
        var folder = Directory.CreateTempSubdirectory("pvlake-copy-");
        try
        {
            var copy = Path.Combine(folder.FullName, Path.GetFileName(path));
            await using (var source = Open(path, SqliteOpenMode.ReadWrite))
            {
                await using var target = Open(copy, SqliteOpenMode.ReadWriteCreate);
                source.BackupDatabase(target);
            }

            return await use(copy);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
