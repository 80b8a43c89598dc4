using PvLakehouse.Engine.DuckDb.Merging;
using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>The end of a write: commits, and removes the new files when the commit certainly did not happen.</summary>
internal static class WriteCommit
{
    /// <exception cref="CommitConflictException">Another writer was faster; the files are gone.</exception>
    /// <exception cref="CommitStateUnknownException">
    /// Nobody knows; the files stay, because the table may refer to them.
    /// </exception>
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

    /// <summary>A change that goes to the branch and records the properties that the options say.</summary>
    public static T With<T>(T change, WriteOptions options)
        where T : SnapshotProducer<T>
    {
        if (options.Branch is { } branch)
        {
            change = change.ToBranch(branch);
        }

        foreach (var (key, value) in options.SnapshotProperties)
        {
            change = change.Set(key, value);
        }

        return change;
    }

    /// <summary>
    /// Whether a write without any change of rows shall commit nevertheless, to record its properties.
    /// </summary>
    public static bool RecordsOnly(Table table, WriteOptions options)
    {
        var recorded = WriteBranch.Scan(table, options.Branch).Snapshot?.Summary;
        return options.CommitWhenEmpty && !(recorded is not null && options.SnapshotProperties.All(p =>
            recorded.TryGetValue(p.Key, out var value) && value.Equals(p.Value, StringComparison.Ordinal)));
    }
}
