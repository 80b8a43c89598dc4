namespace PvLakehouse.Sandbox.Simulation.Air;

/// <summary>The air at a stamp and over the day before it, from which indices are computed.</summary>
/// <param name="Cell">The place.</param>
/// <param name="Stamp">The stamp [h since 1970-01-01T00:00Z].</param>
/// <param name="Hours">States of the stamp and the hours before it, oldest first; 24 of them.</param>
internal readonly record struct AirHistory(CellAir Cell, int Stamp, ReadOnlyMemory<AirState> Hours)
{
    /// <summary>Hours of history that the longest mean needs.</summary>
    internal const int Length = 24;

    /// <summary>The air at the stamp.</summary>
    internal AirState Now => Hours.Span[^1];

    internal double Pm25Index => UsAqi.Pm25(Mean(24, air => air.Pm25));

    internal double Pm10Index => UsAqi.Pm10(Mean(24, air => air.Pm10));

    internal double OzoneIndex => UsAqi.Ozone(Mean(8, air => air.Ozone));

    internal double CarbonMonoxideIndex => UsAqi.CarbonMonoxide(Mean(8, air => air.CarbonMonoxide));

    /// <summary>The worst of the indices of the six pollutants.</summary>
    internal double OverallIndex => new[]
    {
        Pm25Index,
        Pm10Index,
        OzoneIndex,
        CarbonMonoxideIndex,
        UsAqi.SulphurDioxide(Now.SulphurDioxide),
        UsAqi.NitrogenDioxide(Now.NitrogenDioxide),
    }.Max();

    private double Mean(int hours, Func<AirState, double> part)
    {
        var sum = 0.0;
        foreach (var state in Hours.Span[^hours..])
        {
            sum += part(state);
        }

        return sum / hours;
    }
}
