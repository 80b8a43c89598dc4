namespace PvLakehouse.Benchmarks.Quality;

/// <summary>How well one class of faults was found.</summary>
/// <param name="Class">The line of the scorecard.</param>
/// <param name="Granularity">What is counted.</param>
/// <param name="Touched">Units that a label touches at all.</param>
/// <param name="Caught">Visible ones that were named.</param>
/// <param name="Missed">Visible ones that were not, and that no other fault touches.</param>
/// <param name="Wrong">Units that were named without a label.</param>
internal sealed record Score(
    string Class, Granularity Granularity, int Touched, int Caught, IReadOnlyList<Mistake> Missed, IReadOnlyList<Mistake> Wrong)
{
    /// <summary>For those caught while living day by day: days from when the fault showed to when it was named.</summary>
    public IReadOnlyList<double> LatencyDays { get; init; } = [];

    /// <summary>Share of what was named that is labelled; not a number when nothing was named.</summary>
    public double Precision => Caught / (double)(Caught + Wrong.Count);

    /// <summary>Share of what is labelled that was named; not a number when nothing is labelled.</summary>
    public double Recall => Caught / (double)(Caught + Missed.Count);
}

/// <summary>A unit that was missed or wrongly named.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Faults">All faults that touch it, by their names in the truth file.</param>
internal sealed record Mistake(JudgedUnit Unit, string Faults);
