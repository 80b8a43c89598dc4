using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>The end of a write: commits, and removes the new files when the commit certainly did not happen.</summary>
internal static class WriteCommit
{
    /// <exception cref="CommitConflictException">Another writer was faster; the files are gone.</exception>
    /// <exception cref="CommitStateUnknownException">Nobody knows; the files stay, because the table may refer to them.</exception>
    public static async Task<T> RunAsync<T>(WritableTable table, WrittenFiles files, Func<Task<T>> commit)
    {
        try
        {
            return await commit();
        }
        catch (Exception error) when (error is not CommitStateUnknownException)
        {
            await files.DeleteAsync(table.Io);
            throw;
        }
    }

    /// <summary>Whether a write without any change of rows shall commit nevertheless, to record its properties.</summary>
    public static bool RecordsOnly(Table table, WriteOptions options)
    {
        var recorded = table.CurrentSnapshot?.Summary;
        return options.CommitWhenEmpty && !(recorded is not null && options.SnapshotProperties.All(p =>
            recorded.TryGetValue(p.Key, out var value) && value.Equals(p.Value, StringComparison.Ordinal)));
    }
}
