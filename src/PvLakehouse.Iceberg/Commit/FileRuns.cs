namespace PvLakehouse.Iceberg.Commit;

/// <summary>Cuts a row of keys into runs of about as many files each.</summary>
internal static class FileRuns
{
    /// <param name="files">Keys in order, with their number of files.</param>
    /// <param name="count">Runs to make; there may be fewer.</param>
    /// <returns>The number of the run of each key, from 0.</returns>
    public static Dictionary<TKey, int> Cut<TKey>(IEnumerable<KeyValuePair<TKey, long>> files, int count)
        where TKey : notnull
    {
        var ordered = files.ToList();
        var total = ordered.Sum(f => f.Value);
        var result = new Dictionary<TKey, int>(ordered.Count);
        var before = 0L;
        foreach (var (key, number) in ordered)
        {
            // By where the middle of the key's files lies, so that a large one does not drag the next along.
            var middle = ((Int128)before * 2) + number;
            result[key] = (int)Int128.Min(count - 1, middle * count / Math.Max(total * 2, 1));
            before += number;
        }

        return result;
    }
}
