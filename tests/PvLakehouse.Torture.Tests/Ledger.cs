using System.Globalization;
using PvLakehouse.Engine;

namespace PvLakehouse.Torture;

/// <summary>What writers said about their operations, to be held against what the tables hold.</summary>
internal sealed class Ledger
{
    private readonly Lock _lock = new();
    private readonly HashSet<(int Writer, long N)> _sure = [];
    private readonly HashSet<(int Writer, long N)> _open = [];
    private readonly long[] _raised = new long[TortureLake.Counters];
    private readonly long[] _maybeRaised = new long[TortureLake.Counters];
    private long _openUpkeep;

    /// <summary>Number of appends and raises whose success was reported.</summary>
    public long Acknowledged
    {
        get
        {
            lock (_lock)
            {
                return _sure.Count + _raised.Sum();
            }
        }
    }

    /// <summary>Number of operations that were announced and whose outcome was never heard, or is unknown.</summary>
    public long Unheard
    {
        get
        {
            lock (_lock)
            {
                return _open.Count + _maybeRaised.Sum() + _openUpkeep;
            }
        }
    }

    /// <summary>Number of appends and raises that were given up after conflicts.</summary>
    public long Lost { get; private set; }

    /// <summary>Number of compactions, manifest rewrites and expiries that came to their end.</summary>
    public long Kept { get; private set; }

    /// <summary>Number of compactions, manifest rewrites and expiries that were given up after conflicts.</summary>
    public long LostUpkeep { get; private set; }

    /// <summary>What was counted, in words.</summary>
    public override string ToString() =>
        $"{Acknowledged} acknowledged, {Lost} given up, {Kept} rounds of upkeep, {LostUpkeep} given up, {Unheard} unheard";

    /// <summary>Enters a line of a writer, such as <c>done append 7</c>.</summary>
    public void Enter(int writer, string line)
    {
        var words = line.Split(' ');
        if (words is not [var outcome, var operation, var idText])
        {
            throw new InvalidOperationException($"Writer {writer} said '{line}'.");
        }

        var id = long.Parse(idText, CultureInfo.InvariantCulture);
        lock (_lock)
        {
            switch (outcome, operation)
            {
                case ("try", "append"):
                    _open.Add((writer, id));
                    break;
                case ("try", "raise"):
                    _maybeRaised[id]++;
                    break;
                case ("done", "append"):
                    _open.Remove((writer, id));
                    _sure.Add((writer, id));
                    break;
                case ("done", "raise"):
                    _maybeRaised[id]--;
                    _raised[id]++;
                    break;
                case ("lost", "append"):
                    _open.Remove((writer, id));
                    Lost++;
                    break;
                case ("lost", "raise"):
                    _maybeRaised[id]--;
                    Lost++;
                    break;
                case ("try", "upkeep"):
                    _openUpkeep++;
                    break;
                case ("done", "upkeep"):
                    _openUpkeep--;
                    Kept++;
                    break;
                case ("lost", "upkeep"):
                    _openUpkeep--;
                    LostUpkeep++;
                    break;
                case ("unknown", _):
                    break;
                default:
                    throw new InvalidOperationException($"Writer {writer} said '{line}'.");
            }
        }
    }

    /// <summary>
    /// Reads both tables: everything acknowledged is there once, everything unheard at most once, nothing else at all.
    /// </summary>
    public async Task CheckAsync(TortureLake lake, CancellationToken cancellationToken)
    {
        await using var session = await lake.OpenSessionAsync(cancellationToken);
        var log = await RowsAsync(session, "SELECT writer, n, count(*) FROM iceberg.torture.log GROUP BY ALL", cancellationToken);
        var counters = await RowsAsync(session, "SELECT id, value, 1 FROM iceberg.torture.counters ORDER BY id", cancellationToken);
        lock (_lock)
        {
            var found = log.Select(r => ((int)r[0], r[1])).ToHashSet();
            Assert.DoesNotContain(log, r => r[2] != 1);
            Assert.Empty(_sure.Except(found));
            Assert.Empty(found.Except(_sure).Except(_open));
            Assert.Equal(Enumerable.Range(0, TortureLake.Counters), counters.Select(r => (int)r[0]));
            Assert.All(counters, r => Assert.InRange(r[1], _raised[r[0]], _raised[r[0]] + _maybeRaised[r[0]]));
        }
    }

    private static async Task<List<long[]>> RowsAsync(ISqlSession session, string sql, CancellationToken cancellationToken)
    {
        var rows = await (await session.QueryAsync(sql, null, cancellationToken)).ToListAsync(cancellationToken);
        return [.. rows.Select(r => r.Select(v => Convert.ToInt64(v, CultureInfo.InvariantCulture)).ToArray())];
    }
}
