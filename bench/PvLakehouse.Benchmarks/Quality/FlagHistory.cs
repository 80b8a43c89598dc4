namespace PvLakehouse.Benchmarks.Quality;

/// <summary>What silver said about each unit after each run.</summary>
internal sealed class FlagHistory
{
    private readonly Dictionary<(Granularity, JudgedUnit), List<(int Run, HashSet<string> Issues)>> _said = [];

    /// <summary>Notes what a run wrote about a unit.</summary>
    public void Note(int run, Granularity granularity, JudgedUnit unit, string issues)
    {
        if (!_said.TryGetValue((granularity, unit), out var said))
        {
            if (issues.Length == 0)
            {
                return;
            }

            _said[(granularity, unit)] = said = [];
        }

        said.Add((run, [.. issues.Split('|', StringSplitOptions.RemoveEmptyEntries)]));
    }

    /// <summary>The units about which any of some names was ever said, with the first run that said it and whether the last one still did.</summary>
    public IEnumerable<(JudgedUnit Unit, int FirstRun, bool AtTheEnd)> With(Granularity granularity, IReadOnlyList<string> issues)
    {
        foreach (var ((of, unit), said) in _said.Where(entry => entry.Key.Item1 == granularity))
        {
            var first = said.FindIndex(one => issues.Any(one.Issues.Contains));
            if (first >= 0)
            {
                yield return (unit, said[first].Run, issues.Any(said[^1].Issues.Contains));
            }
        }
    }
}
