using System.Diagnostics;
using System.Globalization;
using PvLakehouse.Pipeline.Ops;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>Loads farm metadata into bronze.raw_facilities: once in a backfill, once a day in an incremental run, always when
/// refreshed.</summary>
internal sealed class FacilitiesLoader(Lake lake, OpenElectricityClient client)
{
    /// <exception cref="PipelineException">OpenElectricity does not know a farm that was asked for, or knows it without solar
    /// units.</exception>
    public async Task<StageResult> RunAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var table = await lake.Tables.EnsureAsync(RawFacilities.Contract, cancellationToken);
        var state = SeriesState.Of(table);
        var today = NetworkClock.Nem.DayOf(lake.Clock.GetUtcNow());
        var wanted = Wanted(request, state.Coverage, Codes(request, state.Coverage), today);
        if (wanted.Count == 0)
        {
            return new(RawFacilities.Contract.ToString(), null, Stopwatch.GetElapsedTime(started));
        }

        var ingest = Ingest.Start(RawFacilities.Contract.Name, request.Mode, lake.Clock, state.ReceivedUpTo, request.Progress);
        var earlier = await EarlierAnswers.BeginAsync(client.Archive, ingest.Batch, lake.Clock, cancellationToken);
        var found = new List<FacilityRecord>();
        await foreach (var facility in client.GetFacilitiesAsync(
            FacilityQuery.ByCode(wanted), ingest.Batch with { Earlier = earlier }, cancellationToken))
        {
            found.Add(facility);
        }

        Check(wanted, found);
        var (_, outcome) = await new LoadCommits(lake, RawFacilities.Series, client.Archive, ingest).AppendAsync(
            found.Select(facility => (object?[])[.. Row(facility), .. ingest.Columns]).ToAsyncEnumerable(), farms: [], state,
            state with { Coverage = state.Coverage.With(wanted, new(today, today)) }, cancellationToken);
        await earlier.EndAsync(cancellationToken);
        var drift = await new SchemaDriftLedger(lake).RecordAsync(ingest.Batch, cancellationToken);
        return ModelRunner.Result(RawFacilities.Contract, outcome, started) with { Notes = drift };
    }

    /// <summary>The farms of a load: those asked for, else those that the lake has, else eight.</summary>
    public static IReadOnlyList<string> Codes(IngestRequest request, Coverage coverage) =>
        request.Facilities.Count > 0 ? request.Facilities : coverage.Facilities.Count > 0 ? coverage.Facilities : DefaultFacilities.Codes;

    /// <summary>The farms that the register is to be asked for.</summary>
    public static IReadOnlyList<string> Wanted(IngestRequest request, Coverage coverage, IReadOnlyList<string> codes, DateOnly today)
    {
        if (request.Refresh)
        {
            return codes;
        }

        // A backfill wants history, of which the register has none: once known is enough. A daily run looks once a day.
        return request.Mode == IngestMode.Backfill
            ? [.. codes.Where(code => coverage.LastDay(code) is null)]
            : [.. codes.Where(code => !coverage.Has(code, today))];
    }

    private static void Check(IReadOnlyList<string> wanted, List<FacilityRecord> found)
    {
        var unknown = wanted.Except(found.Select(facility => facility.Code), StringComparer.Ordinal).ToArray();
        if (unknown.Length > 0)
        {
            throw new PipelineException(
                $"OpenElectricity knows no facility {string.Join(", ", unknown)}; codes look like AVLSF or NYNGAN and are written in "
                + "capitals.");
        }

        if (found.FirstOrDefault(facility => !facility.SolarUnits.Any()) is { } other)
        {
            throw new PipelineException($"{other.Code} ({other.Name}) has no solar unit, so it is no solar farm.");
        }
    }

    /// <summary>A row in contract order without audit columns.</summary>
    public static object?[] Row(FacilityRecord facility)
    {
        var units = facility.SolarUnits.ToArray();
        return
        [
            facility.Code, facility.Name, facility.NetworkId, facility.NetworkRegion, facility.CreatedAt, facility.UpdatedAt,
            facility.Latitude, facility.Longitude, units.Length,
            Sum(units, unit => unit.CapacityRegistered ?? unit.CapacityMaximum),
            Sum(units, unit => unit.CapacityRegistered),
            Sum(units, unit => unit.CapacityMaximum),
            Sum(units, unit => unit.CapacityStorage),
            Summary(units, unit => unit.FuelTech), Summary(units, unit => unit.Status), Summary(units, unit => unit.DispatchType),
            string.Join(',', units.Select(unit => unit.Code)),
            facility.Description,
        ];
    }

    /// <summary>Sum over the units that have the value, to the kilowatt; null when none has it or it is 0.</summary>
    private static double? Sum(FacilityUnit[] units, Func<FacilityUnit, double?> value) =>
        Math.Round(units.Sum(unit => value(unit) ?? 0), 3) is var sum and > 0 ? sum : null;

    /// <summary>Values and how often they occur, for example operating:2; null when no unit has one.</summary>
    private static string? Summary(FacilityUnit[] units, Func<FacilityUnit, string?> value)
    {
        var items = units.GroupBy(value, StringComparer.Ordinal).Where(group => group.Key is not null)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key}:{group.Count()}"));
        return string.Join("; ", items) is { Length: > 0 } text ? text : null;
    }
}
