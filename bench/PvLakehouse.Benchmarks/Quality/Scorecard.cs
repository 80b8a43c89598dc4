using PvLakehouse.Sandbox.Simulation.Faults;

namespace PvLakehouse.Benchmarks.Quality;

/// <summary>Compares what silver said with the labels of the world.</summary>
internal sealed class Scorecard(KnownWorld world, ScorecardOptions options, QualityLake lake)
{
    /// <summary>Builds a lake of a world in a folder and scores it.</summary>
    public static async Task<IReadOnlyList<Score>> MakeAsync(ScorecardOptions options, string folder, CancellationToken cancellationToken)
    {
        var world = new KnownWorld(options);
        await using var lake = await QualityLake.OpenAsync(folder, world, options, cancellationToken);
        await lake.LiveAsync(cancellationToken);
        var card = new Scorecard(world, options, lake);
        return [.. FaultClasses.All.Select(card.Of), .. await new LedgerScore(world, options, lake).OfAsync(cancellationToken)];
    }

    /// <summary>One line.</summary>
    public Score Of(FaultClass faultClass)
    {
        var labelled = new LabelledUnits(world, faultClass, options, lake.Runs);
        var right = new LabelledUnits(world, faultClass with { Is = (_, label) => faultClass.AlsoRight(label) }, options, lake.Runs);
        var named = Named(faultClass);
        var latencies = new List<double>();
        var (caught, missed) = (0, new List<Mistake>());
        foreach (var (unit, fault) in labelled.Visible)
        {
            if (named.TryGetValue(unit, out var run))
            {
                caught++;
                if (fault.First.Index > 0)
                {
                    latencies.Add(Math.Max(0, (lake.Runs[run].At - fault.Since).TotalDays));
                }
            }
            else if (!IsTouchedByOthers(faultClass, unit))
            {
                missed.Add(Mistake(faultClass, unit));
            }
        }

        var wrong = named.Keys.Where(unit => !labelled.Touches(unit) && !right.Touches(unit) && !IsUnjudgeable(faultClass, unit))
            .Select(unit => Mistake(faultClass, unit)).ToArray();
        return new(faultClass.Name, faultClass.Granularity, labelled.Touched, caught, missed, wrong) { LatencyDays = latencies };
    }

    /// <summary>The units that were named, with the first run that did; an hour names its day too, and a month is named as a month only.</summary>
    private Dictionary<JudgedUnit, int> Named(FaultClass faultClass)
    {
        var named = new Dictionary<JudgedUnit, int>();
        foreach (var granularity in Enum.GetValues<Granularity>().Where(one =>
            one == faultClass.Granularity || (one < faultClass.Granularity && faultClass.Granularity is not Granularity.Month)))
        {
            foreach (var (said, run, _) in lake.Flags.With(granularity, faultClass.Issues))
            {
                var unit = JudgedUnit.Of(said.Farm, world.ClockOf(said.Farm), faultClass.Granularity, said.Start);
                named[unit] = named.TryGetValue(unit, out var before) ? Math.Min(before, run) : run;
            }
        }

        return named;
    }

    private bool IsTouchedByOthers(FaultClass faultClass, JudgedUnit unit) =>
        Touching(faultClass, unit).Any(label =>
            !faultClass.Is(world, label) && label.Kind is not (DataFaultKind.Duplicate or DataFaultKind.Clipping));

    /// <summary>Under a shifted clock nothing else stands at its own hour, and a stopped series has no rows.</summary>
    private bool IsUnjudgeable(FaultClass faultClass, JudgedUnit unit) =>
        faultClass.Granularity is not Granularity.Month
        && Touching(faultClass, unit).Any(label => label.Kind is DataFaultKind.ClockShift or DataFaultKind.Stopped);

    private Mistake Mistake(FaultClass faultClass, JudgedUnit unit) => new(
        unit, string.Join('+', Touching(faultClass, unit).Select(label => TruthFile.NameOf(label.Kind)).Distinct(StringComparer.Ordinal)));

    private IEnumerable<FaultEvent> Touching(FaultClass faultClass, JudgedUnit unit)
    {
        var end = unit.End(world.ClockOf(unit.Farm), faultClass.Granularity);
        return world.Labels.GetValueOrDefault(unit.Farm, []).Where(label => label.FromUtc < end && label.ToUtc > unit.Start);
    }
}
