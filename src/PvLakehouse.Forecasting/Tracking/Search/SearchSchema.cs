namespace PvLakehouse.Forecasting.Tracking.Search;

/// <summary>What one kind of thing can be searched by, and the tables of the embedded store that hold it.</summary>
internal sealed record SearchSchema
{
    /// <summary>What is searched, in messages: runs, experiments.</summary>
    public required string What { get; init; }

    /// <summary>Attributes by name; their columns are of the table <c>e</c>.</summary>
    public required IReadOnlyDictionary<string, SearchColumn> Attributes { get; init; }

    /// <summary>Tables of the keyed values by kind, with the condition that joins their rows (<c>v</c>) to <c>e</c>.</summary>
    public required IReadOnlyDictionary<FieldKind, string> Keyed { get; init; }

    /// <summary>The order when none is asked for, which also decides between equals.</summary>
    public required string Order { get; init; }

    public static SearchSchema Runs { get; } = new()
    {
        What = "runs",
        Attributes = new Dictionary<string, SearchColumn>(StringComparer.Ordinal)
        {
            ["run_id"] = new("e.run_uuid", IsNumber: false),
            ["run_name"] = new("e.name", IsNumber: false),
            ["status"] = new("e.status", IsNumber: false),
            ["user_id"] = new("e.user_id", IsNumber: false),
            ["start_time"] = new("e.start_time", IsNumber: true),
            ["end_time"] = new("e.end_time", IsNumber: true),
        },
        Keyed = new Dictionary<FieldKind, string>
        {
            [FieldKind.Metric] = "latest_metrics v WHERE v.run_uuid = e.run_uuid",
            [FieldKind.Param] = "params v WHERE v.run_uuid = e.run_uuid",
            [FieldKind.Tag] = "tags v WHERE v.run_uuid = e.run_uuid",
        },
        Order = "e.start_time DESC, e.run_uuid",
    };

    public static SearchSchema Experiments { get; } = new()
    {
        What = "experiments",
        Attributes = new Dictionary<string, SearchColumn>(StringComparer.Ordinal)
        {
            ["name"] = new("e.name", IsNumber: false),
            ["creation_time"] = new("e.creation_time", IsNumber: true),
            ["last_update_time"] = new("e.last_update_time", IsNumber: true),
        },
        Keyed = new Dictionary<FieldKind, string>
        {
            [FieldKind.Tag] = "experiment_tags v WHERE v.experiment_id = e.experiment_id",
        },
        Order = "e.creation_time DESC, e.experiment_id DESC",
    };

    public static SearchSchema Models { get; } = new()
    {
        What = "registered models",
        Attributes = new Dictionary<string, SearchColumn>(StringComparer.Ordinal)
        {
            ["name"] = new("e.name", IsNumber: false),
            ["last_updated_timestamp"] = new("e.last_updated_time", IsNumber: true),
        },
        Keyed = new Dictionary<FieldKind, string> { [FieldKind.Tag] = "registered_model_tags v WHERE v.name = e.name" },
        Order = "e.name",
    };

    public static SearchSchema Versions { get; } = new()
    {
        What = "model versions",
        Attributes = new Dictionary<string, SearchColumn>(StringComparer.Ordinal)
        {
            ["name"] = new("e.name", IsNumber: false),
            ["run_id"] = new("e.run_id", IsNumber: false),
            ["version_number"] = new("e.version", IsNumber: true),
            ["creation_timestamp"] = new("e.creation_time", IsNumber: true),
            ["last_updated_timestamp"] = new("e.last_updated_time", IsNumber: true),
        },
        Keyed = new Dictionary<FieldKind, string>
        {
            [FieldKind.Tag] = "model_version_tags v WHERE v.name = e.name AND v.version = e.version",
        },
        Order = "e.last_updated_time DESC, e.name, e.version DESC",
    };
}

/// <summary>A column that can be searched by.</summary>
internal readonly record struct SearchColumn(string Sql, bool IsNumber);
