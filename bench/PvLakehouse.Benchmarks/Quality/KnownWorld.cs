using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation;
using PvLakehouse.Sandbox.Simulation.Faults;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Benchmarks.Quality;

/// <summary>A simulated world whose truth is known: what was published when, what would have been without faults, and every fault's label.</summary>
internal sealed class KnownWorld
{
    // Faults reach into the window from before it by this much at most, and are known to be repaired this long after it.
    private const int LabelMarginDays = 45;

    private readonly SimulatedSandbox _clean;
    private readonly Dictionary<string, SandboxFacility> _farms;

    public KnownWorld(ScorecardOptions options)
    {
        var registry = FacilityRegistry.Load();
        var simulation = new SimulationOptions { Seed = options.Seed, ProviderFaultRate = options.ProviderFaultRate };
        Published = new SimulatedSandbox(simulation, registry.Facilities);
        _clean = new SimulatedSandbox(simulation with { Faults = false }, registry.Facilities);
        _farms = options.Farms.ToDictionary(
            code => code,
            code => registry.Find(code) ?? throw new ArgumentException($"The registry knows no farm {code}.", nameof(options)),
            StringComparer.Ordinal);
        Labels = Published.Faults(options.Farms, options.Days.First.AddDays(-LabelMarginDays), options.Days.Last)
            .GroupBy(label => label.FacilityCode, StringComparer.Ordinal)
            .ToDictionary(farm => farm.Key, farm => (IReadOnlyList<FaultEvent>)[.. farm], StringComparer.Ordinal);
    }

    /// <summary>What the provider serves.</summary>
    public SimulatedSandbox Published { get; }

    /// <summary>The faults of each farm that has any.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FaultEvent>> Labels { get; }

    public SandboxFacility Farm(string code) => _farms[code];

    public NetworkClock ClockOf(string code) => _farms[code].Clock;

    /// <summary>AC capacity of a farm [MW].</summary>
    public double CapacityOf(string code) => _farms[code].Units.Sum(unit => unit.CapacityMw ?? 0);

    /// <summary>Energy of consecutive hours of a farm as published at a clock [MWh]; null where no unit had a value.</summary>
    public double?[] PublishedHours(string code, DateTimeOffset from, int hours, DateTimeOffset asOf) => Hours(Published, code, from, hours, asOf);

    /// <summary>The same without any fault.</summary>
    public double?[] CleanHours(string code, DateTimeOffset from, int hours) => Hours(_clean, code, from, hours, DateTimeOffset.MaxValue.AddYears(-1));

    /// <summary>The hours of one unit that were not published at a clock.</summary>
    public bool[] MissingHours(string code, string unitCode, DateTimeOffset from, int hours, DateTimeOffset asOf)
    {
        var values = new double?[hours];
        Published.Energy(_farms[code].Units.First(unit => unit.Code == unitCode), EnergyInterval.Hour, from, asOf, values);
        return [.. values.Select(value => value is null)];
    }

    private double?[] Hours(SimulatedSandbox world, string code, DateTimeOffset from, int hours, DateTimeOffset asOf)
    {
        var sums = new double?[hours];
        var values = new double?[hours];
        foreach (var unit in _farms[code].Units)
        {
            world.Energy(unit, EnergyInterval.Hour, from, asOf, values);
            for (var i = 0; i < hours; i++)
            {
                sums[i] = values[i] is { } value ? (sums[i] ?? 0) + value : sums[i];
            }
        }

        return sums;
    }
}
