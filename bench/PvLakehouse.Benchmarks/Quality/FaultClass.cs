using PvLakehouse.Sandbox.Simulation.Faults;

namespace PvLakehouse.Benchmarks.Quality;

/// <summary>One line of the scorecard: a kind of fault, and the names of broken rules that count as naming it.</summary>
/// <param name="Name">The kind in words.</param>
/// <param name="Granularity">What is counted.</param>
/// <param name="Issues">Names of <c>quality_issues</c> that name the fault.</param>
/// <param name="Is">Whether a label is of this class.</param>
internal sealed record FaultClass(
    string Name, Granularity Granularity, IReadOnlyList<string> Issues, Func<KnownWorld, FaultEvent, bool> Is)
{
    /// <summary>The least effect that counts as visible, as a share of what AC capacity gives in an hour.</summary>
    public double VisibleFrom { get; init; }

    /// <summary>Why a smaller one is left out.</summary>
    public required string WhatIsVisible { get; init; }

    /// <summary>Labels of other classes for which the same names are right.</summary>
    public Func<FaultEvent, bool> AlsoRight { get; init; } = _ => false;

    /// <summary>What the published value of an hour must be to be visible, given the farm's AC capacity; any by default.</summary>
    public Func<double, double, bool> Shows { get; init; } = (_, _) => true;
}
