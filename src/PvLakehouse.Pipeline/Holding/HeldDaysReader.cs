using System.Globalization;
using PvLakehouse.Pipeline.Ops;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Silver;

namespace PvLakehouse.Pipeline.Holding;

/// <summary>Shows what is held and why.</summary>
public sealed class HeldDaysReader(Lake lake)
{
    /// <summary>The versions of farm-days that are held, or all that ever were.</summary>
    /// <param name="all">Also those that are released, superseded or cleared.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<IReadOnlyList<HeldDay>> ListAsync(bool all, CancellationToken cancellationToken)
    {
        if (await lake.Tables.FindAsync(HeldDays.Contract, cancellationToken) is not { } table || lake.HeadOf(table) is null)
        {
            return [];
        }

        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await lake.BindAsync(session, HeldDays.Contract, cancellationToken);
        var rows = await session.QueryAsync(
            $"""
            SELECT facility_code, network_date, known_at, status, reasons, hours, energy_mwh, kept_known_at, kept_energy_mwh, decided_by, comment
            FROM held_days WHERE {(all ? "true" : HeldDays.IsHeld)} ORDER BY network_date, facility_code, known_at
            """,
            parameters: null, cancellationToken);
        return
        [
            .. (await rows.ToListAsync(cancellationToken)).Select(row => new HeldDay(
                (string)row[0]!, (DateOnly)row[1]!, Instants.From(row[2]), (string)row[3]!, (string)row[4]!)
            {
                Hours = Convert.ToInt64(row[5], CultureInfo.InvariantCulture),
                EnergyMwh = (double?)row[6],
                KeptKnownAt = row[7] is null ? null : Instants.From(row[7]),
                KeptEnergyMwh = (double?)row[8],
                DecidedBy = (string?)row[9],
                Comment = (string?)row[10],
            }),
        ];
    }

    /// <summary>The newest version of a farm-day that was held.</summary>
    /// <exception cref="PipelineException">It never was.</exception>
    public async Task<HeldDay> FindAsync(string facility, DateOnly date, CancellationToken cancellationToken) =>
        (await ListAsync(all: true, cancellationToken)).LastOrDefault(day => day.FacilityCode == facility && day.NetworkDate == date)
        ?? throw new PipelineException(string.Create(
            CultureInfo.InvariantCulture, $"{facility} {date:yyyy-MM-dd} is not held and never was; 'pvlake audit list --all' shows what was."));

    /// <summary>The hours of a held farm-day: hour, held energy, what gold has, limit, expected energy, issues.</summary>
    /// <param name="day">The day.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<IReadOnlyList<object?[]>> HoursAsync(HeldDay day, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(day);
        IReadOnlyList<object?[]> kept = [];
        if (day.KeptKnownAt is { } knownAt)
        {
            var versions = new Dictionary<FarmDay, DateTimeOffset> { [new(day.FacilityCode, day.NetworkDate)] = knownAt };
            await using var earlier = await VersionSession.OpenAsync(lake, versions, cancellationToken);
            kept = await earlier.HoursAsync(cancellationToken);
        }

        var (hourColumn, energyColumn) = (ColumnOf("date_hour"), ColumnOf("energy_mwh"));
        var keptEnergy = kept.ToDictionary(row => Instants.From(row[hourColumn]), row => (double?)row[energyColumn]);
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await lake.BindAsync(session, CleanHourlyEnergy.Contract, cancellationToken);
        var rows = await session.QueryAsync(
            """
            SELECT date_hour, energy_mwh, ac_capacity_mw, energy_limit_mwh, expected_energy_mwh, quality_issues
            FROM clean_hourly_energy WHERE facility_code = $facility AND network_date = $date ORDER BY date_hour
            """,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["facility"] = day.FacilityCode, ["date"] = day.NetworkDate },
            cancellationToken);
        return
        [
            .. (await rows.ToListAsync(cancellationToken)).Select(row => (object?[])
            [
                row[0], row[1], keptEnergy.GetValueOrDefault(Instants.From(row[0])), row[2], row[3], row[4], row[5],
            ]),
        ];
    }

    private static int ColumnOf(string name) => VersionSession.Columns.Index().First(column => column.Item.Name == name).Index;
}
