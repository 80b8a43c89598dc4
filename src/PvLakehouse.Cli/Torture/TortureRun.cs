using System.Globalization;
using PvLakehouse.Cli.Lakes;

namespace PvLakehouse.Cli.Torture;

/// <summary>Kills pvlake at random moments of whatever it does on a lake, and checks after each that it kept its promises.</summary>
/// <param name="folder">An empty folder for the lake, its twin that nobody disturbs, and a backup.</param>
/// <param name="rounds">How many times something is started, 1 or more.</param>
/// <param name="seed">Draws what and when.</param>
/// <param name="output">Told how it goes.</param>
internal sealed class TortureRun(string folder, int rounds, int seed, TextWriter output)
{
    // When a command is killed, as parts of what it usually takes. The first part is the start of the process, which has nothing to lose;
    // a third of the rounds end by themselves, so that there is always something to lose.
    private const double EarliestKill = 0.2;
    private const double LatestKill = 1.4;

    private readonly string _lake = Path.Combine(folder, "lake");
    private readonly string _twin = Path.Combine(folder, "twin");
    private readonly string _backup = Path.Combine(folder, "backup");
    private readonly TortureOperations _operations = new(rounds, Path.Combine(folder, "backup"));
    private readonly List<string> _broken = [];
    private readonly Dictionary<string, TimeSpan> _usual = new(StringComparer.Ordinal);
    private readonly Random _random = new(seed);
    private IReadOnlyDictionary<string, TableState> _states = new Dictionary<string, TableState>(StringComparer.Ordinal);
    private int _kills;
    private int _halfDone;

    /// <summary>Runs all rounds and the final comparison.</summary>
    /// <returns>The promises that were broken, one sentence each.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        await CommandAsync(_lake, _operations.Beginning, null, cancellationToken);
        _states = await Lake.StatesAsync(cancellationToken);
        for (var round = 1; round <= rounds; round++)
        {
            await RoundAsync(round, Choose(_operations.All), cancellationToken);
        }

        await EndAsync(cancellationToken);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds} rounds, {_kills} killed ({_halfDone} of them after a commit), {_broken.Count} promises broken (seed {seed})."));
        return _broken;
    }

    private LakePromises Lake => new(new LakeSettings { Folder = _lake });

    private async Task RoundAsync(int round, TortureOperation operation, CancellationToken cancellationToken)
    {
        var usual = _usual.GetValueOrDefault(operation.Name, TimeSpan.FromSeconds(2));
        var killAfter = usual * (EarliestKill + ((LatestKill - EarliestKill) * _random.NextDouble()));
        var arguments = operation.Arguments(_random);
        var other = _random.Next(8) == 0 ? KilledCommand.RunAsync(["gold", "dim_time", "--lake", _lake], null, cancellationToken) : null;
        var end = await CommandAsync(_lake, arguments, killAfter, cancellationToken);
        if (end.ExitCode is null)
        {
            _kills++;
            // A machine that is slower than thought would otherwise never get to the end of anything.
            _usual[operation.Name] = usual * 1.05;
        }
        else
        {
            // What found nothing to do ended soon and says little of what has something to do.
            _usual[operation.Name] = end.Elapsed > usual ? end.Elapsed : usual * 0.95;
            if (end.ExitCode != 0 && !IsExpected(operation, end.Error))
            {
                Broken(round, operation, $"it ended with {end.ExitCode}: {end.Error.Trim()}");
            }
        }

        if (other is not null && await other is { ExitCode: not 0 } refused
            && !refused.Error.Contains("Another pvlake", StringComparison.Ordinal))
        {
            Broken(round, operation, $"a second writer ended with {refused.ExitCode}: {refused.Error.Trim()}");
        }

        await CheckAsync(round, operation, end, cancellationToken);
        if (round % 10 == 0)
        {
            await output.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{round} rounds, {_kills} killed, {_broken.Count} promises broken"));
        }
    }

    private async Task CheckAsync(int round, TortureOperation operation, CommandEnd end, CancellationToken cancellationToken)
    {
        try
        {
            var acknowledged = KilledCommand.Acknowledged(end.Output);
            var after = await Lake.StatesAsync(cancellationToken);
            foreach (var (table, before) in _states)
            {
                var expected = before.Rows + acknowledged.GetValueOrDefault(table);
                if (!after.TryGetValue(table, out var now) || now.Rows < expected)
                {
                    Broken(round, operation, $"{table} has {now.Rows} rows and should have {expected} or more");
                }
            }

            if (end.ExitCode is null && after.Any(table => _states.GetValueOrDefault(table.Key).Head != table.Value.Head))
            {
                _halfDone++;
            }

            _states = after;
            foreach (var contradiction in await Lake.ContradictionsAsync(cancellationToken))
            {
                Broken(round, operation, contradiction);
            }
        }
        catch (Exception error) when (error is Iceberg.IcebergException or Engine.SqlEngineException or IOException)
        {
            Broken(round, operation, $"the lake cannot be read: {error.Message}");
        }
    }

    /// <summary>Lets the lake finish, and compares it with one that was never disturbed.</summary>
    private async Task EndAsync(CancellationToken cancellationToken)
    {
        var final = new TortureOperation("the end", 0, _ => []);
        foreach (var place in new[] { _lake, _twin })
        {
            var end = await CommandAsync(place, _operations.Everything, null, cancellationToken);
            if (end.ExitCode != 0)
            {
                Broken(rounds, final, $"the last load ended with {end.ExitCode}: {end.Error.Trim()}");
            }
        }

        var heads = await Lake.HeadsAsync(cancellationToken);
        await CommandAsync(_lake, _operations.Everything, null, cancellationToken);
        foreach (var (table, head) in await Lake.HeadsAsync(cancellationToken))
        {
            if (head != heads[table])
            {
                Broken(rounds, final, $"loading the same again wrote to {table}");
            }
        }

        var twin = await new LakePromises(new LakeSettings { Folder = _twin }).ChecksumsAsync(cancellationToken);
        foreach (var (table, sum) in await Lake.ChecksumsAsync(cancellationToken))
        {
            if (sum != twin[table])
            {
                Broken(rounds, final, $"{table} has {sum.Rows} rows, checksum {sum.Sum}; undisturbed {twin[table].Rows} rows, checksum "
                    + $"{twin[table].Sum}");
            }
        }

        await OrphansAsync(final, cancellationToken);
        foreach (var arguments in new string[][] { ["backup", _backup], ["backup", "verify", _backup] })
        {
            var end = await CommandAsync(_lake, arguments, null, cancellationToken);
            if (end.ExitCode != 0)
            {
                Broken(rounds, final, $"{string.Join(' ', arguments.Take(2))} ended with {end.ExitCode}: {end.Error.Trim()}");
            }
        }
    }

    /// <summary>What the kills left behind can be removed, and nothing that is needed goes with it.</summary>
    private async Task OrphansAsync(TortureOperation final, CancellationToken cancellationToken)
    {
        foreach (var table in await Lake.NamesAsync(cancellationToken))
        {
            var end = await CommandAsync(
                _lake, ["table", "remove-orphans", table, "--older-than", "0m", "--allow-recent"], null, cancellationToken);
            if (end.ExitCode != 0)
            {
                Broken(rounds, final, $"orphans of {table} stay: exit {end.ExitCode}, {end.Error.Trim()}");
            }
        }

        foreach (var orphan in await Lake.OrphansAsync(cancellationToken))
        {
            Broken(rounds, final, $"an orphan stays: {orphan}");
        }

        foreach (var contradiction in await Lake.ContradictionsAsync(cancellationToken))
        {
            Broken(rounds, final, contradiction);
        }
    }

    private static Task<CommandEnd> CommandAsync(
        string lake, IReadOnlyList<string> arguments, TimeSpan? killAfter, CancellationToken cancellationToken) =>
        KilledCommand.RunAsync([.. arguments, "--lake", lake], killAfter, cancellationToken);

    private TortureOperation Choose(IReadOnlyList<TortureOperation> operations)
    {
        var drawn = _random.Next(operations.Sum(operation => operation.Weight));
        return operations.First(operation => (drawn -= operation.Weight) < 0);
    }

    /// <summary>A source that fails is told by the exit code; a table that no run has made yet cannot be kept.</summary>
    private static bool IsExpected(TortureOperation operation, string error) =>
        operation.Name == "faults"
        || error.Contains("Another pvlake", StringComparison.Ordinal)
        || error.Contains("There is no table", StringComparison.Ordinal);

    private void Broken(int round, TortureOperation operation, string what)
    {
        _broken.Add(string.Create(CultureInfo.InvariantCulture, $"round {round} ({operation.Name}): {what}."));
        output.WriteLine(_broken[^1]);
    }
}
