using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Metadata;

/// <summary>The one way to change table metadata: applies changes, checks them and records them as updates.</summary>
/// <remarks>
/// SQL commits, later REST commits and a REST server all go through here: the server replays the updates that a client's
/// builder recorded. Changes without effect are not recorded. Not safe for concurrent use.
/// </remarks>
public sealed partial class TableMetadataBuilder
{
    private readonly TableMetadata? _base;
    private readonly List<TableUpdate> _changes = [];
    private TableMetadata _now;
    private int? _lastAddedSchemaId;
    private int? _lastAddedSpecId;
    private int? _lastAddedOrderId;
    private string? _previousMetadata;

    private TableMetadataBuilder(TableMetadata? @base)
    {
        _base = @base;
        _now = @base ?? Nothing;
    }

    /// <summary>The changes so far, in order.</summary>
    public IReadOnlyList<TableUpdate> Changes => _changes;

    /// <summary>The metadata as changed so far, for reading within the change.</summary>
    internal TableMetadata Current => _now;

    /// <summary>What the changes started from; null for a new table.</summary>
    internal TableMetadata? Base => _base;

    private static TableMetadata Nothing { get; } = new()
    {
        FormatVersion = 2,
        TableUuid = null,
        Location = "",
        LastSequenceNumber = 0,
        LastUpdatedMs = 0,
        LastColumnId = 0,
        Schemas = [],
        CurrentSchemaId = TableUpdate.LastAdded,
        Specs = [],
        DefaultSpecId = TableUpdate.LastAdded,
        LastPartitionId = PartitionSpec.FirstFieldId - 1,
        SortOrders = [],
        DefaultSortOrderId = TableUpdate.LastAdded,
        Properties = new Dictionary<string, string>(StringComparer.Ordinal),
        CurrentSnapshotId = null,
        Snapshots = [],
        SnapshotLog = [],
        MetadataLog = [],
        Refs = new Dictionary<string, SnapshotRef>(StringComparer.Ordinal),
    };

    /// <summary>Starts from metadata that exists.</summary>
    public static TableMetadataBuilder From(TableMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new(metadata);
    }

    /// <summary>Starts a table of format version 2 from nothing.</summary>
    public static TableMetadataBuilder ForNewTable() => new(null);

    /// <summary>Replays updates in order.</summary>
    /// <exception cref="IcebergException">An update does not fit the metadata.</exception>
    public TableMetadataBuilder Apply(IEnumerable<TableUpdate> updates)
    {
        ArgumentNullException.ThrowIfNull(updates);
        foreach (var update in updates)
        {
            update.ApplyTo(this);
        }

        return this;
    }

    /// <summary>Names the metadata file that the result replaces, for the metadata log.</summary>
    public TableMetadataBuilder WithPreviousMetadata(string? location)
    {
        _previousMetadata = location;
        return this;
    }

    /// <summary>Gives the table its identity.</summary>
    /// <exception cref="IcebergException">The table has another identity already.</exception>
    public TableMetadataBuilder AssignUuid(Guid uuid)
    {
        if (_now.TableUuid is { } existing && existing != uuid)
        {
            throw new IcebergException($"The table's uuid is {existing} and cannot become {uuid}.");
        }

        return _now.TableUuid == uuid ? this : Change(_now with { TableUuid = uuid }, new TableUpdate.AssignUuid(uuid));
    }

    /// <summary>Raises the format version to 2.</summary>
    /// <exception cref="IcebergException">The version is not 2, or below the table's.</exception>
    public TableMetadataBuilder UpgradeFormatVersion(int formatVersion)
    {
        if (formatVersion < _now.FormatVersion || formatVersion > TableMetadata.HighestWritableVersion)
        {
            throw new IcebergException(
                $"A table of format version {_now.FormatVersion} cannot become version {formatVersion}; up to 2 is "
                + "supported.");
        }

        return _base is not null && formatVersion == _now.FormatVersion ? this : Change(
            _now with { FormatVersion = formatVersion }, new TableUpdate.UpgradeFormatVersion(formatVersion));
    }

    /// <summary>Moves the root of future files; existing files stay.</summary>
    public TableMetadataBuilder SetLocation(string location)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        var trimmed = location.TrimEnd('/');
        return trimmed == _now.Location ? this : Change(
            _now with { Location = trimmed }, new TableUpdate.SetLocation(trimmed));
    }

    /// <summary>Sets table properties.</summary>
    /// <exception cref="IcebergException">A key is reserved for facts that live elsewhere in the metadata.</exception>
    public TableMetadataBuilder SetProperties(IReadOnlyDictionary<string, string> updates)
    {
        ArgumentNullException.ThrowIfNull(updates);
        if (updates.Keys.FirstOrDefault(TableProperties.IsReserved) is { } reserved)
        {
            throw new IcebergException($"'{reserved}' is reserved and cannot be set as a table property.");
        }

        if (updates.All(u => _now.Properties.TryGetValue(u.Key, out var value) && value == u.Value))
        {
            return this;
        }

        var properties = new Dictionary<string, string>(_now.Properties, StringComparer.Ordinal);
        foreach (var (key, value) in updates)
        {
            properties[key] = value;
        }

        return Change(_now with { Properties = properties }, new TableUpdate.SetProperties(updates));
    }

    /// <summary>Removes table properties; a key that is not there is no failure.</summary>
    public TableMetadataBuilder RemoveProperties(IReadOnlyList<string> removals)
    {
        ArgumentNullException.ThrowIfNull(removals);
        if (!removals.Any(_now.Properties.ContainsKey))
        {
            return this;
        }

        var properties = new Dictionary<string, string>(
            _now.Properties.Where(p => !removals.Contains(p.Key, StringComparer.Ordinal)), StringComparer.Ordinal);
        return Change(_now with { Properties = properties }, new TableUpdate.RemoveProperties(removals));
    }

    /// <summary>The changed metadata, with logs and time brought up to date.</summary>
    /// <exception cref="IcebergException">The table lacks something that every table of its version has.</exception>
    public TableMetadata Build(DateTimeOffset now)
    {
        if (_changes.Count == 0 && _base is not null)
        {
            return _base;
        }

        var missing = _now switch
        {
            { TableUuid: null, FormatVersion: > 1 } => "a uuid",
            { Location: "" } => "a location",
            { CurrentSchemaId: TableUpdate.LastAdded } => "a current schema",
            { DefaultSpecId: TableUpdate.LastAdded } => "a default partition spec",
            { DefaultSortOrderId: TableUpdate.LastAdded } => "a default sort order",
            _ => null,
        };
        if (missing is not null)
        {
            throw new IcebergException($"A table needs {missing}.");
        }

        CheckBinding();
        return _now with
        {
            LastUpdatedMs = now.ToUnixTimeMilliseconds(),
            SnapshotLog = FinishSnapshotLog(now),
            MetadataLog = FinishMetadataLog(),
        };
    }

    /// <summary>
    /// What writers use must fit the columns; specs and orders that they used before may name columns that are gone.
    /// </summary>
    private void CheckBinding()
    {
        if (!_changes.Exists(c => c is TableUpdate.SetCurrentSchema or TableUpdate.SetDefaultSpec or TableUpdate.SetDefaultSortOrder))
        {
            return;
        }

        foreach (var field in _now.Spec.Fields.Where(f => f.Transform.Kind is not (TransformKind.Void or TransformKind.Unknown)))
        {
            CheckSource(field.SourceId, field.Transform, $"Partition field '{field.Name}'");
        }

        foreach (var field in _now.SortOrder.Fields.Where(f => f.Transform.Kind != TransformKind.Unknown))
        {
            CheckSource(field.SourceId, field.Transform, "A key of the sort order");
        }
    }

    private void CheckSource(int sourceId, Transform transform, string what)
    {
        if (_now.Schema.Find(sourceId) is not { } source)
        {
            var name = _now.Schemas.Select(s => s.Find(sourceId)).LastOrDefault(f => f is not null)?.FullName;
            throw new IcebergException(
                $"{what} comes from column '{name ?? "?"}' (id {sourceId}), which the new schema does not have.");
        }

        if (!transform.CanApplyTo(source.Type))
        {
            throw new IcebergException($"{what} is {transform} of column '{source.FullName}', which has type {source.Type} now.");
        }
    }

    /// <summary>Another builder with the same changes so far: what it does later leaves this one alone.</summary>
    internal TableMetadataBuilder Fork()
    {
        var fork = new TableMetadataBuilder(_base)
        {
            _now = _now,
            _lastAddedSchemaId = _lastAddedSchemaId,
            _lastAddedSpecId = _lastAddedSpecId,
            _lastAddedOrderId = _lastAddedOrderId,
            _previousMetadata = _previousMetadata,
        };
        fork._changes.AddRange(_changes);
        return fork;
    }

    private TableMetadataBuilder Change(TableMetadata next, TableUpdate update)
    {
        _now = next;
        _changes.Add(update);
        return this;
    }

    private IReadOnlyList<MetadataLogEntry> FinishMetadataLog()
    {
        if (_base is null || _previousMetadata is null)
        {
            return _now.MetadataLog;
        }

        var keep = TableProperties.MetadataPreviousVersionsMax(_now.Properties);
        return [.. _now.MetadataLog.Append(new MetadataLogEntry(_base.LastUpdatedMs, _previousMetadata)).TakeLast(keep)];
    }
}
