using PvLakehouse.Sandbox.Simulation.Faults;

namespace PvLakehouse.Benchmarks.Quality;

/// <summary>The units that the labels of one class touch, and since when a run could see it.</summary>
internal sealed class LabelledUnits
{
    private const int LeastDaysOfMonth = 14;

    private readonly KnownWorld _world;
    private readonly FaultClass _class;
    private readonly IReadOnlyList<LakeRun> _runs;
    private readonly Dictionary<JudgedUnit, SeenFault?> _units = [];

    public LabelledUnits(KnownWorld world, FaultClass faultClass, ScorecardOptions options, IReadOnlyList<LakeRun> runs)
    {
        (_world, _class, _runs) = (world, faultClass, runs);
        foreach (var label in world.Labels.Values.SelectMany(labels => labels).Where(label => faultClass.Is(world, label)))
        {
            Add(label, options);
        }
    }

    /// <summary>Every unit that a label touches.</summary>
    public int Touched => _units.Count;

    /// <summary>The units in which a run could see the fault.</summary>
    public IEnumerable<(JudgedUnit Unit, SeenFault Fault)> Visible =>
        _units.Where(unit => unit.Value is not null).Select(unit => (unit.Key, unit.Value!));

    /// <summary>Whether a label touches the unit.</summary>
    public bool Touches(JudgedUnit unit) => _units.ContainsKey(unit);

    /// <summary>Whether a unit was visibly labelled.</summary>
    public bool IsVisible(JudgedUnit unit) => _units.GetValueOrDefault(unit) is not null;

    private void Add(FaultEvent label, ScorecardOptions options)
    {
        var clock = _world.ClockOf(label.FacilityCode);
        var (first, end) = (clock.StartOf(options.Days.First).ToUniversalTime(), clock.StartOf(options.Days.Last.AddDays(1)).ToUniversalTime());
        var unit = JudgedUnit.Of(label.FacilityCode, clock, _class.Granularity, label.FromUtc > first ? label.FromUtc : first);
        for (; unit.Start < label.ToUtc && unit.Start < end; unit = unit with { Start = unit.End(clock, _class.Granularity) })
        {
            var seen = Seen(label, unit, unit.End(clock, _class.Granularity));
            _units[unit] = seen ?? _units.GetValueOrDefault(unit);
        }
    }

    /// <summary>When runs could see the fault in a unit, or null when none could.</summary>
    private SeenFault? Seen(FaultEvent label, JudgedUnit unit, DateTimeOffset end)
    {
        if (_class.Granularity is Granularity.Month)
        {
            var days = (Earlier(label.ToUtc, end) - Later(label.FromUtc, unit.Start)).TotalDays;
            return days < LeastDaysOfMonth ? null : new(_runs.First(run => run.At >= Earlier(label.ToUtc, end) || run == _runs[^1]), Later(label.FromUtc, unit.Start).AddDays(LeastDaysOfMonth));
        }

        var day = _world.ClockOf(unit.Farm).DayOf(unit.Start);
        var isWhole = label.FromUtc <= unit.Start && label.ToUtc >= end;
        var run = _runs.FirstOrDefault(run => run.Days.First <= day && day <= run.Days.Last
            && label.KnownFromUtc <= run.At && (label.KnownUntilUtc is not { } until || run.At < until));
        if (run is null || (!isWhole && label.Kind is not (DataFaultKind.Spike or DataFaultKind.Gap)))
        {
            return null;
        }

        var hours = (int)(end - unit.Start).TotalHours;
        return Shows(label, unit, hours, run.At) ? new(run, Later(end, label.KnownFromUtc)) : null;
    }

    private bool Shows(FaultEvent label, JudgedUnit unit, int hours, DateTimeOffset asOf)
    {
        switch (label.Kind)
        {
            case DataFaultKind.Clipping:
                return true;
            case DataFaultKind.Gap or DataFaultKind.Stopped:
                return Array.TrueForAll(_world.MissingHours(unit.Farm, label.UnitCode, unit.Start, hours, asOf), missing => missing);
            default:
                var capacity = _world.CapacityOf(unit.Farm);
                var published = _world.PublishedHours(unit.Farm, unit.Start, hours, asOf);
                var clean = _world.CleanHours(unit.Farm, unit.Start, hours);
                var effect = Math.Abs(published.Sum(value => value ?? 0) - clean.Sum(value => value ?? 0));
                return effect >= _class.VisibleFrom * capacity && _class.Shows(published[0] ?? 0, capacity);
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

/// <summary>A fault that a run could see.</summary>
/// <param name="First">The first run that could.</param>
/// <param name="Since">When its unit was over and the fault showed.</param>
internal sealed record SeenFault(LakeRun First, DateTimeOffset Since);
