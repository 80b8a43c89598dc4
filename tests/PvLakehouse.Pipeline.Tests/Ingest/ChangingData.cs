using PvLakehouse.Pipeline.Tests.Sources;
using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Registry;

namespace PvLakehouse.Pipeline.Tests.Ingest;

/// <summary><see cref="CountingData"/> whose provider changes its mind: some values become others, or none, and some never come.</summary>
internal sealed class ChangingData : ISandboxData
{
    private readonly CountingData _data = new();

    public SandboxDataKind Kind => SandboxDataKind.Simulation;

    public IReadOnlyList<SandboxFacility> Facilities => _data.Facilities;

    /// <summary>What an interval's energy is at first; null asks <see cref="CountingData"/>.</summary>
    public Func<SandboxUnit, EnergyInterval, DateTimeOffset, double>? EnergyOf { get; set; }

    /// <summary>What an interval's energy is now, by its start and what it was at first; null keeps everything.</summary>
    public Func<SandboxUnit, DateTimeOffset, double?, double?>? EnergyNow { get; set; }

    /// <summary>What a weather or air-quality variable is now, by its name, its stamp and what it was at first.</summary>
    public Func<string, DateTimeOffset, double?, double?>? WeatherNow { get; set; }

    public void Energy(SandboxUnit unit, EnergyInterval interval, DateTimeOffset fromUtc, DateTimeOffset asOf, Span<double?> values)
    {
        _data.Energy(unit, interval, fromUtc, asOf, values);
        for (var i = 0; EnergyOf is { } of && i < values.Length; i++)
        {
            values[i] = values[i] is null ? null : of(unit, interval, fromUtc.AddMinutes(i * (int)interval));
        }

        for (var i = 0; EnergyNow is { } now && i < values.Length; i++)
        {
            values[i] = now(unit, fromUtc.AddMinutes(i * (int)interval), values[i]);
        }
    }

    public GridCell CellOf(HourlyDataset dataset, SandboxLocation location) => _data.CellOf(dataset, location);

    public IReadOnlyList<double?[]?> Hourly(HourlyQuery query)
    {
        var columns = _data.Hourly(query);
        for (var variable = 0; WeatherNow is { } now && variable < columns.Count; variable++)
        {
            for (var i = 0; i < query.Count; i++)
            {
                columns[variable]![i] = now(query.Variables[variable], query.First.AddHours(i).Start, columns[variable]![i]);
            }
        }

        return columns;
    }
}
