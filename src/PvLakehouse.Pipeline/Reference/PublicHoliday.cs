namespace PvLakehouse.Pipeline.Reference;

/// <summary>A public holiday and the states that keep it.</summary>
/// <param name="Date">The day.</param>
/// <param name="Name">The holiday's name; an additional or substitute day says so.</param>
/// <param name="States">The states and territories, a subset of <see cref="AustralianHolidays.States"/>.</param>
internal sealed record PublicHoliday(DateOnly Date, string Name, IReadOnlyList<string> States)
{
    /// <summary>Whether every state and territory keeps it.</summary>
    public bool IsNational => States.Count == AustralianHolidays.States.Count;
}
