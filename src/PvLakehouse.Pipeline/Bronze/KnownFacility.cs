using System.Globalization;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>A farm as the lake knows it, which is all that the other loaders need of the register.</summary>
internal sealed record KnownFacility(SourceFacility Source, string? Name, string? Region)
{
    public string Code => Source.Code;

    /// <summary>The newest metadata of the given farms, or of all farms of the lake when none are given.</summary>
    /// <exception cref="PipelineException">The lake has no such farm, or none at all.</exception>
    public static async Task<IReadOnlyList<KnownFacility>> ReadAsync(
        Lake lake, IReadOnlyList<string> codes, CancellationToken cancellationToken)
    {
        var known = await AllAsync(lake, cancellationToken);
        if (known.Count == 0)
        {
            throw new PipelineException("The lake knows no farms yet: run 'pvlake bronze facilities --mode backfill' first.");
        }

        var unknown = codes.Except(known.Select(facility => facility.Code), StringComparer.Ordinal).ToArray();
        return unknown.Length == 0
            ? [.. known.Where(facility => codes.Count == 0 || codes.Contains(facility.Code, StringComparer.Ordinal))]
            : throw new PipelineException(
                $"The lake does not know {string.Join(", ", unknown)}: run 'pvlake bronze facilities --facilities "
                + $"{string.Join(',', unknown)}' first.");
    }

    /// <summary>The newest metadata of all farms of the lake; none when it knows none.</summary>
    public static async Task<IReadOnlyList<KnownFacility>> AllAsync(Lake lake, CancellationToken cancellationToken)
    {
        var known = new List<KnownFacility>();
        if (await lake.Tables.FindAsync(RawFacilities.Contract, cancellationToken) is { CurrentSnapshot: not null })
        {
            await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
            var result = await session.QueryAsync(
                $"""
                SELECT facility_code, facility_name, network_id, network_region, location_lat, location_lng, unit_codes
                FROM (
                  SELECT *, row_number() OVER (PARTITION BY facility_code ORDER BY ingested_at DESC, ingest_batch_id DESC) AS newness
                  FROM {RawFacilities.Contract.SqlName})
                WHERE newness = 1
                ORDER BY facility_code
                """,
                parameters: null, cancellationToken);
            foreach (var row in await result.ToListAsync(cancellationToken))
            {
                known.Add(From(row));
            }
        }

        return known;
    }

    private static KnownFacility From(object?[] row) => new(
        new SourceFacility
        {
            Code = (string)row[0]!,
            NetworkId = (string)row[2]!,
            Latitude = Number(row[4]),
            Longitude = Number(row[5]),
            SolarUnitCodes = ((string?)row[6])?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [],
        },
        (string?)row[1],
        (string?)row[3]);

    private static double? Number(object? value) => value is null ? null : Convert.ToDouble(value, CultureInfo.InvariantCulture);
}
