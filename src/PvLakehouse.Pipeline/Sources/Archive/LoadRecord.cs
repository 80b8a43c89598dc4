using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PvLakehouse.Pipeline.Sources.Archive;

/// <summary>What one commit to bronze was made of: with the bodies that it names, enough to make its rows again.</summary>
/// <remarks>
/// Written before the commit, whose snapshot carries the record's name; and each record names the one before it. So a bronze table leads
/// through all that it is made of, in order, and a record whose commit never came about is in nobody's way.
/// </remarks>
public sealed record LoadRecord
{
    /// <summary>Stands for the record before the first, when a table was loaded by a version that kept no records.</summary>
    public const string Unrecorded = "unrecorded";

    /// <summary>Name of the record: its batch, a slash, and its number in that.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the record of the commit before; null for a table's first.</summary>
    public string? After { get; init; }

    /// <summary>How the load was asked for: backfill or incremental.</summary>
    public required string Mode { get; init; }

    /// <summary>The instant that the rows carry as <c>ingested_at</c>, to the microsecond.</summary>
    public required DateTimeOffset IngestedAt { get; init; }

    /// <summary>Length of the intervals of energy: 5m, 30m or 1h; null for other datasets.</summary>
    public string? Interval { get; init; }

    /// <summary>The farms asked for, as the lake knew them then; none for the register.</summary>
    public IReadOnlyList<RecordedFarm> Farms { get; init; } = [];

    /// <summary>The properties of the snapshot: which days the table holds from then on.</summary>
    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    /// <summary>Numbers of the bodies in the batch.</summary>
    public required IReadOnlyList<int> Bodies { get; init; }

    /// <summary>The batch that the record belongs to.</summary>
    [JsonIgnore]
    public string BatchId => Name[..Name.LastIndexOf('/')];

    /// <summary>The name of a batch's record.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="number">Its number, from 1.</param>
    public static string NameOf(string batchId, int number) => string.Create(CultureInfo.InvariantCulture, $"{batchId}/{number:D4}");

    internal static string PathOf(string name)
    {
        var slash = name.LastIndexOf('/');
        return slash > 0
            ? $"{ArchivedBody.Segment(name[..slash])}/load-{ArchivedBody.Segment(name[(slash + 1)..])}{Extension}"
            : throw new ArgumentException($"'{name}' is no name of a record.", nameof(name));
    }

    /// <summary>The name of the record in a file; null when the file holds none.</summary>
    internal static string? NameIn(string batchId, string file) =>
        file.StartsWith("load-", StringComparison.Ordinal) && file.EndsWith(Extension, StringComparison.Ordinal)
            ? $"{batchId}/{file["load-".Length..^Extension.Length]}"
            : null;

    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, LoadRecordJson.Default.LoadRecord);

    /// <exception cref="SourceException">The bytes are no record.</exception>
    internal static LoadRecord From(ReadOnlySpan<byte> bytes, string file)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, LoadRecordJson.Default.LoadRecord) ?? throw new JsonException("it is empty");
        }
        catch (JsonException fault)
        {
            throw ArchivedBody.Damaged(file, fault.Message, fault);
        }
    }

    private const string Extension = ".json";
}

/// <summary>A farm as the lake knew it when it was loaded.</summary>
/// <param name="Source">What the source was asked with.</param>
/// <param name="Name">Its name.</param>
/// <param name="Region">Its market region.</param>
public sealed record RecordedFarm(SourceFacility Source, string? Name, string? Region);

/// <summary>Serialises records without reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LoadRecord))]
internal sealed partial class LoadRecordJson : JsonSerializerContext;
