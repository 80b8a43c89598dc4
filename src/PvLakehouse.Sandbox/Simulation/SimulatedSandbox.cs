using System.Collections.Frozen;
using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation.Farms;
using PvLakehouse.Sandbox.Simulation.Faults;
using PvLakehouse.Sandbox.Simulation.Weather;

namespace PvLakehouse.Sandbox.Simulation;

/// <summary>A computed world of weather, air and solar farms: every number is a function of the seed, the place and the time.</summary>
/// <remarks>Thread-safe and without memory: the same question has the same answer whatever was asked before.</remarks>
public sealed class SimulatedSandbox : ISandboxData
{
    // Bounds memory; the days at both ends of a batch are computed twice, so it holds many.
    private const int SlotsPerBatch = 64 * Slots.PerDay;

    private readonly SimulationOptions _options;
    private readonly FrozenDictionary<string, UnitSimulation> _units;
    private readonly FrozenSet<string> _known;

    /// <summary>Creates the world of a seed over some farms.</summary>
    /// <param name="options">Seed, and whether things go wrong.</param>
    /// <param name="facilities">The farms, unit codes unique; usually <see cref="FacilityRegistry.Facilities"/>.</param>
    public SimulatedSandbox(SimulationOptions options, IReadOnlyList<SandboxFacility> facilities)
    {
        _options = options;
        Facilities = facilities;
        var pairs = facilities.SelectMany(farm => farm.Units, (farm, unit) => (Farm: farm, Unit: unit)).ToList();
        _known = pairs.Select(pair => pair.Unit.Code).ToFrozenSet(StringComparer.Ordinal);
        _units = pairs
            .Select(pair => UnitSimulation.Of(options, pair.Farm, pair.Unit))
            .OfType<UnitSimulation>()
            .ToFrozenDictionary(unit => unit.Unit.Code, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public SandboxDataKind Kind => SandboxDataKind.Simulation;

    /// <inheritdoc/>
    public IReadOnlyList<SandboxFacility> Facilities { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The unit is not of this world, or the start is no multiple of five minutes.</exception>
    public void Energy(
        SandboxUnit unit, EnergyInterval interval, DateTimeOffset fromUtc, DateTimeOffset asOf, Span<double?> values)
    {
        values.Clear();
        if (!_units.TryGetValue(unit.Code, out var simulation))
        {
            if (!_known.Contains(unit.Code))
            {
                throw new ArgumentException($"Unknown unit '{unit.Code}'; expected a unit of Facilities.", nameof(unit));
            }

            return;
        }

        var slotsPerValue = (int)interval / (int)EnergyInterval.FiveMinutes;
        var slots = new double[Math.Min(values.Length * slotsPerValue, SlotsPerBatch)];
        var valuesPerBatch = slots.Length / slotsPerValue;
        var first = Slots.StartingAt(fromUtc);
        for (var done = 0; done < values.Length; done += valuesPerBatch)
        {
            var batch = values.Slice(done, Math.Min(valuesPerBatch, values.Length - done));
            var energy = slots.AsSpan(0, batch.Length * slotsPerValue);
            simulation.Published(first + ((long)done * slotsPerValue), asOf, energy);
            for (var i = 0; i < batch.Length; i++)
            {
                batch[i] = SumOfPublished(energy.Slice(i * slotsPerValue, slotsPerValue));
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(DateTimeOffset FromUtc, DateTimeOffset ToUtc)> SentTwice(
        SandboxUnit unit, DateTimeOffset fromUtc, DateTimeOffset toUtc) =>
        _units.TryGetValue(unit.Code, out var simulation) ? simulation.SentTwice(fromUtc, toUtc) : [];

    /// <inheritdoc/>
    public GridCell CellOf(HourlyDataset dataset, SandboxLocation location)
    {
        var cell = HourlySeries.GridOf(dataset).Of(location);
        return new(
            (float)cell.Latitude, (float)cell.Longitude, (float)CellWeather.Terrain(_options.Key, cell.Latitude, cell.Longitude));
    }

    /// <inheritdoc/>
    public IReadOnlyList<double?[]?> Hourly(HourlyQuery query) => HourlySeries.Of(_options.Key, query);

    /// <summary>The faults that touch a window and change at least one interval, by farm, unit and time; with them the labels of what
    /// changes no value, rows sent twice and inverters at their limit.</summary>
    /// <param name="facilityCodes">The farms; unknown codes are refused.</param>
    /// <param name="firstDay">First day, on each farm's network clock.</param>
    /// <param name="lastDay">Last day, included.</param>
    /// <exception cref="ArgumentException">A code is not that of a farm of this world, or the window ends before it starts.</exception>
    public IEnumerable<FaultEvent> Faults(IEnumerable<string> facilityCodes, DateOnly firstDay, DateOnly lastDay)
    {
        if (lastDay < firstDay)
        {
            throw new ArgumentException($"The window ends on {lastDay:O}, before it starts on {firstDay:O}.", nameof(lastDay));
        }

        var epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return [.. facilityCodes
            .Select(code => Facilities.FirstOrDefault(farm => string.Equals(farm.Code, code, StringComparison.Ordinal))
                ?? throw new ArgumentException($"Unknown facility '{code}'; expected one of Facilities.", nameof(facilityCodes)))
            .SelectMany(farm => farm.Units)
            .Where(unit => _units.ContainsKey(unit.Code))
            .SelectMany(unit => _units[unit.Code].Faults(firstDay.DayNumber - epoch, lastDay.DayNumber - epoch))];
    }

    // The provider sums whatever intervals of an hour it has.
    private static double? SumOfPublished(ReadOnlySpan<double> slots)
    {
        double? sum = null;
        foreach (var energy in slots)
        {
            sum = double.IsNaN(energy) ? sum : (sum ?? 0) + energy;
        }

        return sum;
    }
}
