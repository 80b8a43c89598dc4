namespace PvLakehouse.Forecasting.Features;

/// <summary>Fewer rows of the same stretch of time.</summary>
internal static class RowSample
{
    /// <summary>Draws one row from each of so many equal stretches; all rows when there are no more.</summary>
    /// <remarks>Not every n-th row: rows of an hour lie in the order of the farms, and always the same farm would be met.</remarks>
    /// <param name="rows">The rows.</param>
    /// <param name="most">Most that are wanted, 1 or more.</param>
    /// <param name="random">Draws.</param>
    public static ForecastRows Of(ForecastRows rows, int most, Random random)
    {
        if (rows.Count <= most)
        {
            return rows;
        }

        var kept = new HashSet<ForecastHour>(
            Enumerable.Range(0, most).Select(stretch => rows.Hours[random.Next(Start(stretch), Start(stretch + 1))]),
            ReferenceEqualityComparer.Instance);
        return rows.Where(kept.Contains);

        int Start(int stretch) => (int)((long)rows.Count * stretch / most);
    }
}
