using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <content>What may be changed together with what, and how a change gets into the metadata.</content>
public sealed partial class UpdateSchema
{
    private void Add(string? parent, string name, IcebergType type, bool required, string? doc)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(type);
        var (parentId, prefix) = parent is null ? (SchemaChanges.Top, "") : Parent(parent);
        var fullName = prefix + name;
        var clash = _schema.Find(fullName, _caseSensitive);
        if (_added.ContainsKey(Key(fullName)) || (clash is not null && !_changes.Deleted.Contains(clash.Id)))
        {
            throw new ArgumentException($"Column '{fullName}' is there already.", nameof(name));
        }

        if (required)
        {
            CheckIncompatible($"Required column '{fullName}' cannot be added: old files have no values for it.");
        }

        var id = ++_lastColumnId;
        var fresh = new FreshIds([], _ => ++_lastColumnId).Type(type);
        CheckVersion(fullName, fresh);
        _added[Key(fullName)] = (id, parentId);
        if (!_changes.Added.TryGetValue(parentId, out var siblings))
        {
            _changes.Added[parentId] = siblings = [];
        }

        siblings.Add(new NestedField(id, name, fresh, required, doc));
    }

    /// <summary>The struct that is meant by a column: itself, or what a list or map of that name holds.</summary>
    private (int Id, string Prefix) Parent(string parent)
    {
        var field = Existing(parent, "add to");
        CheckNotDeleted(field.Id, parent);
        var holder = field.Type switch
        {
            ListType list => _schema.Find(list.ElementId)!,
            MapType map => _schema.Find(map.ValueId)!,
            _ => field,
        };
        return holder.Type is StructType
            ? (holder.Id, holder.FullName + ".")
            : throw new ArgumentException(
                $"Column '{parent}' of type {field.Type} is no struct, so nothing can be added to it.", nameof(parent));
    }

    private SchemaField Existing(string name, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _schema.Find(name, _caseSensitive) ?? throw new ArgumentException(
            $"There is no column '{name}' to {what}; there are {string.Join(", ", _schema.AllFields.Select(f => f.FullName))}.",
            nameof(name));
    }

    private NestedField ForUpdate(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_schema.Find(name, _caseSensitive) is { } field && !_changes.Deleted.Contains(field.Id))
        {
            return Now(field.Field);
        }

        if (_added.TryGetValue(Key(name), out var added))
        {
            return _changes.Added[added.ParentId].Single(f => f.Id == added.Id);
        }

        CheckNotDeleted(Existing(name, "change").Id, name);
        throw new ArgumentException($"Column '{name}' cannot be changed.", nameof(name));
    }

    private NestedField Now(NestedField field) => _changes.Updated.GetValueOrDefault(field.Id, field);

    private void Change(NestedField field)
    {
        foreach (var siblings in _changes.Added.Values)
        {
            if (siblings.FindIndex(f => f.Id == field.Id) is var index and >= 0)
            {
                siblings[index] = field;
                return;
            }
        }

        if (field != Now(_schema.Find(field.Id)!.Field))
        {
            _changes.Updated[field.Id] = field;
        }
    }

    private UpdateSchema Move(string name, FieldPlace place, string? other)
    {
        var (id, parentId) = Place(name);
        var reference = other is null ? (Id: 0, ParentId: parentId) : Place(other);
        if (other is not null && reference.Id == id)
        {
            throw new ArgumentException($"Column '{name}' cannot move beside itself.", nameof(other));
        }

        if (reference.ParentId != parentId)
        {
            throw new ArgumentException(
                $"Column '{name}' cannot move to '{other}', which is in another struct.", nameof(other));
        }

        if (parentId != SchemaChanges.Top && _schema.Find(parentId)!.Type is not StructType)
        {
            throw new ArgumentException($"Column '{name}' is not in a struct, so it cannot move.", nameof(name));
        }

        if (!_changes.Moved.TryGetValue(parentId, out var moves))
        {
            _changes.Moved[parentId] = moves = [];
        }

        moves.Add(new FieldMove(id, place, reference.Id));
        return this;
    }

    private (int Id, int ParentId) Place(string name)
    {
        if (_added.TryGetValue(Key(name), out var added))
        {
            return added;
        }

        var field = Existing(name, "move");
        CheckNotDeleted(field.Id, name);
        return (field.Id, field.ParentId ?? SchemaChanges.Top);
    }

    private string Key(string name) => _caseSensitive ? name : SchemaIndex.Lower(name);

    private void CheckNotDeleted(int id, string name)
    {
        if (_changes.Deleted.Contains(id))
        {
            throw new ArgumentException($"Column '{name}' is deleted by the same change.", nameof(name));
        }
    }

    private void CheckIncompatible(string message)
    {
        if (!_allowIncompatible)
        {
            throw new IncompatibleSchemaException($"{message} Allow incompatible changes if that is what you want.");
        }
    }

    private static void CheckVersion(string name, IcebergType type)
    {
        var wrapped = new Schema([NestedField.Optional(0, name, type)]);
        if (VersionRules.Violation(wrapped, TableMetadata.HighestWritableVersion) is { } violation)
        {
            throw new ArgumentException(violation, nameof(type));
        }
    }

    private void CheckIdentifiersStay()
    {
        foreach (var name in _identifiers)
        {
            for (var field = _schema.Find(name, _caseSensitive); field is not null;
                field = field.ParentId is { } parent ? _schema.Find(parent) : null)
            {
                if (_changes.Deleted.Contains(field.Id))
                {
                    throw new InvalidOperationException(
                        $"Column '{field.FullName}' cannot be deleted: '{name}' identifies rows. Set other identifier "
                        + "fields first.");
                }
            }
        }
    }

    private void Commit(TableMetadataBuilder builder, Schema made)
    {
        var table = builder.Current;
        if (!table.Schema.HasSameFields(_schema) || table.LastColumnId != _firstColumnId)
        {
            throw new CommitConflictException(
                $"Table {_table.Identifier}: somebody else changed the schema meanwhile: the last field id should be "
                + $"{_firstColumnId} and is {table.LastColumnId}. Refresh the table and change it again.");
        }

        builder.AddSchema(made).SetCurrentSchema();
        if (table.Properties.TryGetValue(NameMapping.Property, out var mapping))
        {
            builder.SetProperties(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [NameMapping.Property] = NameMappingUpdate.Apply(mapping, _changes),
            });
        }

        MoveMetricsModes(builder, made);
    }

    /// <summary>The metrics modes of columns are kept by name, so they go and are renamed with them.</summary>
    private void MoveMetricsModes(TableMetadataBuilder builder, Schema made)
    {
        var moved = new Dictionary<string, string>(StringComparer.Ordinal);
        var gone = new List<string>();
        foreach (var (key, value) in builder.Current.Properties)
        {
            if (!key.StartsWith(TableProperties.MetricsColumnPrefix, StringComparison.Ordinal)
                || _schema.Find(key[TableProperties.MetricsColumnPrefix.Length..]) is not { } field)
            {
                continue;
            }

            var name = made.Find(field.Id)?.FullName;
            if (name != field.FullName)
            {
                gone.Add(key);
                if (name is not null)
                {
                    moved[TableProperties.MetricsColumnPrefix + name] = value;
                }
            }
        }

        builder.RemoveProperties(gone).SetProperties(moved);
    }
}
