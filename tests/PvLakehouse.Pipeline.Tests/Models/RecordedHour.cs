using System.Globalization;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>One recorded hour of a farm.</summary>
/// <param name="Farm">The farm's code.</param>
/// <param name="Start">Start of the hour in network time, as the file writes it.</param>
/// <param name="Mwh">Energy [MWh].</param>
internal sealed record RecordedHour(string Farm, string Start, double Mwh)
{
    /// <summary>The network day, as yyyy-MM-dd.</summary>
    public string Day => Start[..10];

    /// <summary>The hour of the network day.</summary>
    public int Hour => int.Parse(Start.AsSpan(11, 2), CultureInfo.InvariantCulture);
}
