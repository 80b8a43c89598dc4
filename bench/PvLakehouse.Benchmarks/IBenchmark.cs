namespace PvLakehouse.Benchmarks;

/// <summary>One thing to measure, in several ways that are compared with each other.</summary>
/// <remarks>Every measurement runs in a process of its own, so that none warms another and each has its own peak of memory.</remarks>
internal interface IBenchmark
{
    /// <summary>Name on the command line.</summary>
    string Name { get; }

    /// <summary>The ways of doing it, in the order in which they take turns.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>How often a measurement is worth repeating; one whose result is no duration gives the same each time.</summary>
    int MostRounds => int.MaxValue;

    /// <summary>Makes what the measurements need.</summary>
    /// <param name="scratch">A folder of this benchmark alone, not made yet.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    Task PrepareAsync(string scratch, CancellationToken cancellationToken);

    /// <summary>Measures one way once.</summary>
    /// <returns>The figures by name, in a fixed order; the caller adds the peak of memory.</returns>
    Task<IReadOnlyList<Figure>> MeasureAsync(string kind, string scratch, CancellationToken cancellationToken);

    /// <summary>Writes the result as Markdown.</summary>
    void Report(IReadOnlyDictionary<string, IReadOnlyList<Measured>> runs, TextWriter to);
}

/// <summary>A benchmark that changes what it measures, so that each measurement needs new data.</summary>
internal interface IPreparesRounds : IBenchmark
{
    /// <summary>Makes what the next measurement needs, in a process of its own, so that its memory is not measured.</summary>
    Task PrepareRoundAsync(string kind, string scratch, CancellationToken cancellationToken);
}

/// <summary>A figure with its name, for example <c>merge [s]</c>.</summary>
internal sealed record Figure(string Name, double Value);

/// <summary>The figures of one measurement.</summary>
internal sealed record Measured(IReadOnlyList<Figure> Figures)
{
    /// <summary>Name of the figure that every measurement has: the most memory that its process held.</summary>
    public const string Memory = "peak memory [MB]";

    /// <summary>The figure of that name.</summary>
    public double this[string name] => Figures.First(f => f.Name.Equals(name, StringComparison.Ordinal)).Value;
}
