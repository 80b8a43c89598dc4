using System.Globalization;
using System.Runtime.CompilerServices;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation;
using PvLakehouse.Solar.Time;
using HourlyQuery = PvLakehouse.Sandbox.Data.HourlyQuery;

namespace PvLakehouse.Benchmarks.Fleet;

/// <summary>The simulated provider as a source of bronze rows, without HTTP between them, so that only the lakehouse is measured.</summary>
internal sealed class SimulatedSource(
    BronzeSeries series, SimulatedSandbox world, EnergyResolution resolution, TimeProvider clock, IBodyArchive archive) : ISeriesSource
{
    private readonly Dictionary<(string Farm, DateOnly Day), object?[][]> _prepared = [];

    public BronzeSeries Series => series;

    public string Suffix => resolution == EnergyResolution.Hour ? "" : $"@{EnergyResolutions.Code(resolution)}";

    public string? Interval => series.Contract == RawFacilityTimeseries.Contract ? EnergyResolutions.Code(resolution) : null;

    public int RowsPerDay => EnergyResolutions.RowsPerDay(resolution);

    public IBodyArchive Archive => archive;

    public long RowsOf(IReadOnlyList<KnownFacility> farms) => farms.Count * RowsPerDay;

    public bool CanAsk(KnownFacility farm) => farm.Source.HasLocation;

    public IReadOnlyList<PlannedRequest> Plan(IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days) => [];

    /// <summary>Computes the answers about some days, so that reading them takes no time.</summary>
    public void Prepare(IEnumerable<KnownFacility> farms, DayRange days)
    {
        _prepared.Clear();
        foreach (var farm in farms)
        {
            var network = NetworkClock.Of(farm.Source.NetworkId);
            for (var day = days.First; day <= days.Last; day = day.AddDays(1))
            {
                _prepared.Add((farm.Code, day), [.. Rows(farm, network, new(day, day))]);
            }
        }
    }

    public async IAsyncEnumerable<object?[]> ReadAsync(
        IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days, Ingest ingest,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The next farm is computed while the rows of one are being written.
        var pending = new Queue<Task<List<object?[]>>>();
        foreach (var farm in facilities.Append(null))
        {
            if (farm is not null)
            {
                pending.Enqueue(Task.Run(() => Answer(farm, clock, days), cancellationToken));
            }

            while (pending.Count > (farm is null ? 0 : Environment.ProcessorCount))
            {
                foreach (var row in await pending.Dequeue())
                {
                    yield return row;
                }
            }
        }
    }

    private List<object?[]> Answer(KnownFacility farm, NetworkClock network, DayRange days)
    {
        var rows = new List<object?[]>();
        for (var day = days.First; day <= days.Last; day = day.AddDays(1))
        {
            if (!_prepared.TryGetValue((farm.Code, day), out var prepared))
            {
                return [.. Rows(farm, network, days)];
            }

            rows.AddRange(prepared);
        }

        return rows;
    }

    private IEnumerable<object?[]> Rows(KnownFacility farm, NetworkClock network, DayRange days) =>
        series.Contract == RawFacilityTimeseries.Contract ? Energy(farm, network, days) : Hourly(farm, network, days);

    private IEnumerable<object?[]> Energy(KnownFacility farm, NetworkClock network, DayRange days)
    {
        var length = resolution == EnergyResolution.Hour ? EnergyInterval.Hour : EnergyInterval.FiveMinutes;
        var step = TimeSpan.FromMinutes((int)length);
        // The market of the eastern states labels five minutes by their end.
        var shift = length == EnergyInterval.FiveMinutes && network == NetworkClock.Nem ? step : TimeSpan.Zero;
        var first = network.StartOf(days.First);
        var values = new double?[days.Days * RowsPerDay];
        foreach (var unit in world.Facilities.First(one => one.Code == farm.Code).Units)
        {
            world.Energy(unit, length, first.ToUniversalTime(), clock.GetUtcNow(), values);
            for (var i = 0; i < values.Length; i++)
            {
                var label = first + shift + (i * step);
                yield return
                [
                    farm.Source.NetworkId, farm.Source.NetworkId, farm.Region, farm.Code, farm.Name, unit.Code, "energy",
                    EnergyResolutions.Code(resolution), "MWh", label.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
                    values[i] is { } value ? Math.Round(value, 6) : null, label.ToUniversalTime(), network.DayOf(label),
                ];
            }
        }
    }

    private IEnumerable<object?[]> Hourly(KnownFacility farm, NetworkClock network, DayRange days)
    {
        var isAir = series.Contract == RawFacilityAirQuality.Contract;
        // Asked for the stamps from the window's first instant to its last, both included.
        var first = UtcHour.StartingAt(network.StartOf(days.First).ToUniversalTime());
        var names = series.Contract.Columns.Select(column => column.Name).SkipWhile(name => name != "date").Skip(1)
            .TakeWhile(name => name != series.Stamp).ToArray();
        var answer = world.Hourly(new HourlyQuery(
            isAir ? HourlyDataset.AirQuality : HourlyDataset.Archive,
            new SandboxLocation(farm.Source.Latitude!.Value, farm.Source.Longitude!.Value), names, DateTimeOffset.MaxValue.AddYears(-1))
        {
            First = first,
            Count = (days.Days * 24) + 1,
        });
        for (var i = 0; i <= days.Days * 24; i++)
        {
            var stamp = first.Start.AddHours(i);
            yield return
            [
                farm.Code, farm.Name, farm.Source.Latitude, farm.Source.Longitude,
                stamp.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture),
                .. answer.Select(column => (object?)column?[i]),
                stamp, DateOnly.FromDateTime(stamp.UtcDateTime),
            ];
        }
    }
}
