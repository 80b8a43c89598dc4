using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Expectations;

/// <summary>Something that must hold for a table as a whole, unlike a quality rule, which judges single rows.</summary>
internal sealed record Expectation
{
    /// <summary>The table that is judged.</summary>
    public required TableContract Table { get; init; }

    /// <summary>Name, in lower case with underscores.</summary>
    public required string Name { get; init; }

    /// <summary>What comes of a violation: <see cref="CheckStatus.Fail"/> keeps a run from being published.</summary>
    public CheckStatus Otherwise { get; init; } = CheckStatus.Fail;

    /// <summary>
    /// The SELECT for a scope: one row of violations (0 when it holds), rows looked at, and a sample. Tables go by their names without layer.
    /// </summary>
    public required Func<CheckScope, string> Sql { get; init; }

    /// <summary>
    /// The SELECT of the months (their first instants) in a scope and the rows of each, for one that is judged by farm and month: then years
    /// are looked at a few months after the other. Null for one that is looked at as a whole.
    /// </summary>
    public Func<CheckScope, string>? Months { get; init; }

    /// <summary>Whether it is about the clock and not about what a run wrote: looked at only when a person asks.</summary>
    public bool OfTheClock { get; init; }

    /// <summary>Other tables that the SELECT reads; without one of them there is nothing to compare with.</summary>
    public IReadOnlyList<TableContract> Needs { get; init; } = [];
}
