using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// Changes how future files are partitioned; files that are there stay as they are and are read as before.
/// </summary>
/// <remarks>
/// A field that an older spec had gets its id again. A change that does not fit is an <see cref="ArgumentException"/>;
/// if somebody else changes the spec before the commit, that is a conflict. For one commit; make another object for the
/// next.
/// </remarks>
public sealed class UpdateSpec
{
    private readonly WritableTable _table;
    private readonly PartitionSpec _spec;
    private readonly Schema _schema;
    private readonly int _firstPartitionId;
    private readonly HashSet<int> _removed = [];
    private readonly Dictionary<int, string> _renamed = [];
    private readonly List<PartitionField> _added = [];
    private int _lastPartitionId;
    private bool _caseSensitive = true;

    internal UpdateSpec(WritableTable table)
    {
        _table = table;
        _spec = table.Spec;
        _schema = table.Schema;
        _firstPartitionId = _lastPartitionId = table.Metadata.LastPartitionId;
        if (_spec.Fields.FirstOrDefault(f => f.Transform.Kind == TransformKind.Unknown) is { } unknown)
        {
            throw new NotSupportedException(
                $"Table {table.Identifier}: partition field '{unknown.Name}' has the transform '{unknown.Transform}', "
                + "which is not known here, so the spec cannot be changed.");
        }
    }

    /// <summary>Compares column names without case from here on.</summary>
    public UpdateSpec IgnoreCase()
    {
        _caseSensitive = false;
        return this;
    }

    /// <summary>Adds the value of a column, under the column's name.</summary>
    public UpdateSpec AddField(string column) => AddField(column, Transform.Identity);

    /// <summary>Adds a transform of a column.</summary>
    /// <param name="column">Full name of the column.</param>
    /// <param name="transform">How the value comes from it.</param>
    /// <param name="name">Name of the field; null makes one, such as <c>ts_day</c> or <c>id_bucket_16</c>.</param>
    /// <exception cref="ArgumentException">
    /// There is no such column, it cannot go through the transform, or the field or its name is there already.
    /// </exception>
    public UpdateSpec AddField(string column, Transform transform, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(transform);
        var source = Source(column, transform);
        if (Same(_added, source.Id, transform) is { } twice)
        {
            throw new ArgumentException(
                $"Partition field '{twice.Name}' is {transform} of '{column}' already.", nameof(column));
        }

        if (Same(_spec.Fields, source.Id, transform) is { } existing && transform.Kind != TransformKind.Void)
        {
            return Keep(existing, name);
        }

        if (transform.IsTime && _added.Find(f => f.SourceId == source.Id && f.Transform.IsTime) is { } time)
        {
            throw new ArgumentException(
                $"Partition field '{time.Name}' is a time of '{column}' already; one of the two says nothing "
                + "new.", nameof(transform));
        }

        var old = _table.Metadata.FormatVersion == 1 ? null : _table.Metadata.Specs.SelectMany(s => s.Fields)
            .FirstOrDefault(f => f.SourceId == source.Id && f.Transform == transform && (name is null || f.Name == name));
        var made = old ?? new PartitionField(source.Id, ++_lastPartitionId, name ?? DefaultName(source, transform), transform);
        CheckName(made.Name, source, transform);
        _added.Add(made);
        return this;
    }

    /// <summary>Removes a field by its name.</summary>
    /// <exception cref="ArgumentException">
    /// There is no such field, or it is added or renamed by the same change.
    /// </exception>
    public UpdateSpec RemoveField(string name)
    {
        if (_added.Exists(f => f.Name == name))
        {
            throw new ArgumentException($"Partition field '{name}' is added by the same change.", nameof(name));
        }

        var field = _spec.Fields.FirstOrDefault(f => f.Name == name) ?? throw new ArgumentException(
            $"There is no partition field '{name}'; there are {string.Join(", ", _spec.Fields.Select(f => f.Name))}.", nameof(name));
        return Remove(field);
    }

    /// <summary>Removes the field that is a transform of a column.</summary>
    /// <exception cref="ArgumentException">
    /// There is no such field, or it is added or renamed by the same change.
    /// </exception>
    public UpdateSpec RemoveField(string column, Transform transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        var source = Source(column, transform);
        if (Same(_added, source.Id, transform) is { } added)
        {
            throw new ArgumentException($"Partition field '{added.Name}' is added by the same change.", nameof(column));
        }

        return Remove(Same(_spec.Fields, source.Id, transform) ?? throw new ArgumentException(
            $"There is no partition field that is {transform} of '{column}'; there are {_spec}.", nameof(column)));
    }

    /// <summary>Gives a field another name.</summary>
    /// <exception cref="ArgumentException">
    /// There is no such field, it is added or removed too, or the name is taken.
    /// </exception>
    public UpdateSpec RenameField(string name, string newName)
    {
        ArgumentException.ThrowIfNullOrEmpty(newName);
        if (_added.Exists(f => f.Name == name))
        {
            throw new ArgumentException($"Partition field '{name}' is added by the same change.", nameof(name));
        }

        var field = _spec.Fields.FirstOrDefault(f => f.Name == name) ?? throw new ArgumentException(
            $"There is no partition field '{name}'; there are {string.Join(", ", _spec.Fields.Select(f => f.Name))}.", nameof(name));
        if (_removed.Contains(field.FieldId))
        {
            throw new ArgumentException($"Partition field '{name}' is removed by the same change.", nameof(name));
        }

        CheckName(newName, _schema.Find(field.SourceId), field.Transform);
        _renamed[field.FieldId] = newName;
        return this;
    }

    /// <summary>The spec that the commit will make.</summary>
    /// <exception cref="ArgumentException">Two fields would have one name.</exception>
    public PartitionSpec Apply()
    {
        var names = _spec.Fields.Where(f => !_removed.Contains(f.FieldId)).Select(NameOf)
            .Concat(_added.Select(f => f.Name)).ToHashSet(StringComparer.Ordinal);
        var fields = new List<PartitionField>();
        foreach (var field in _spec.Fields)
        {
            if (!_removed.Contains(field.FieldId))
            {
                fields.Add(field with { Name = NameOf(field) });
            }
            else if (_table.Metadata.FormatVersion == 1)
            {
                // Version 1 finds values by position, so a place stays when its field goes.
                var name = names.Contains(field.Name) ? UniqueName(field) : field.Name;
                fields.Add(field with { Name = name, Transform = Transform.Void });
            }
        }

        return new PartitionSpec(_spec.SpecId, [.. fields, .. _added]);
    }

    /// <summary>Commits the change, repeating it as long as nobody else changes the spec.</summary>
    /// <exception cref="CommitConflictException">
    /// Somebody changed the spec, or others kept committing first.
    /// </exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the change happened.</exception>
    public Task CommitAsync(CancellationToken cancellationToken = default)
    {
        var made = Apply();
        return _table.RunAsync(
            new MetadataUpdate(builder => Commit(builder, made), table => table.Spec.IsCompatibleWith(made)), cancellationToken);
    }

    private static PartitionField? Same(IEnumerable<PartitionField> fields, int sourceId, Transform transform) =>
        fields.FirstOrDefault(f => f.SourceId == sourceId && f.Transform == transform);

    private static string DefaultName(SchemaField source, Transform transform)
    {
        var column = source.FullName;
        var parameter = transform.Parameter.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return transform.Kind switch
        {
            TransformKind.Identity => column,
            TransformKind.Bucket => $"{column}_bucket_{parameter}",
            TransformKind.Truncate => $"{column}_trunc_{parameter}",
            TransformKind.Void => $"{column}_null",
            _ => $"{column}_{transform}",
        };
    }

    /// <summary>A field that is removed and added again is kept, under another name if one is given.</summary>
    private UpdateSpec Keep(PartitionField existing, string? name)
    {
        if (!_removed.Remove(existing.FieldId))
        {
            throw new ArgumentException(
                $"Partition field '{existing.Name}' is {existing.Transform} of that column already.", nameof(existing));
        }

        return name is null || name == existing.Name ? this : RenameField(existing.Name, name);
    }

    private UpdateSpec Remove(PartitionField field)
    {
        if (_renamed.ContainsKey(field.FieldId))
        {
            throw new ArgumentException(
                $"Partition field '{field.Name}' is renamed by the same change.", nameof(field));
        }

        _removed.Add(field.FieldId);
        return this;
    }

    private SchemaField Source(string column, Transform transform)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        var source = _schema.Find(column, _caseSensitive) ?? throw new ArgumentException(
            $"There is no column '{column}' to partition by; there are {string.Join(", ", _schema.AllFields.Select(f => f.FullName))}.",
            nameof(column));
        return !source.Repeated && transform.Kind != TransformKind.Unknown && transform.CanApplyTo(source.Type)
            ? source
            : throw new ArgumentException(
                $"Column '{column}' of type {source.Type} cannot be partitioned by {transform}.", nameof(column));
    }

    private void CheckName(string name, SchemaField? source, Transform transform)
    {
        var taken = _spec.Fields.Any(f => !_removed.Contains(f.FieldId) && f.Transform.Kind != TransformKind.Void
                && NameOf(f) == name)
            || _added.Exists(f => f.Name == name);
        if (taken)
        {
            throw new ArgumentException($"There is a partition field '{name}' already.", nameof(name));
        }

        if (_schema.Find(name) is { } column && (transform.Kind != TransformKind.Identity || column.Id != source?.Id))
        {
            throw new ArgumentException($"Partition name '{name}' is already the name of a column.", nameof(name));
        }

        // A removed field of version 1 leaves its place behind, under a name that nobody wants.
        foreach (var field in _spec.Fields.Where(f => f.Name == name && f.Transform.Kind == TransformKind.Void))
        {
            _renamed[field.FieldId] = UniqueName(field);
        }
    }

    private string NameOf(PartitionField field) => _renamed.GetValueOrDefault(field.FieldId, field.Name);

    private static string UniqueName(PartitionField field) => $"{field.Name}_{field.FieldId}";

    private void Commit(TableMetadataBuilder builder, PartitionSpec made)
    {
        var table = builder.Current;
        if (!table.Spec.Equals(_spec) || table.LastPartitionId != _firstPartitionId)
        {
            throw new CommitConflictException(
                $"Table {_table.Identifier}: somebody else changed the partition spec meanwhile: the last partition "
                + "field "
                + $"id should be {_firstPartitionId} and is {table.LastPartitionId}. Refresh the table and change it "
                + "again.");
        }

        builder.AddSpec(made).SetDefaultSpec();
    }
}
