using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Metadata;

/// <content>Schemas, partition specs and sort orders.</content>
public sealed partial class TableMetadataBuilder
{
    /// <summary>Adds a schema under the next free id; one with the same fields is used again.</summary>
    /// <exception cref="IcebergException">A column has what the table's format version does not know.</exception>
    public TableMetadataBuilder AddSchema(Schema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (_now.Schemas.FirstOrDefault(s => s.HasSameFields(schema)) is { } same)
        {
            _lastAddedSchemaId = same.SchemaId;
            return this;
        }

        if (VersionRules.Violation(schema, _now.FormatVersion) is { } violation)
        {
            throw new IcebergException(violation);
        }

        var added = schema.WithId(_now.Schemas.Count == 0 ? 0 : _now.Schemas.Max(s => s.SchemaId) + 1);
        _lastAddedSchemaId = added.SchemaId;
        return Change(
            _now with
            {
                Schemas = [.. _now.Schemas, added],
                LastColumnId = Math.Max(_now.LastColumnId, added.HighestFieldId),
            },
            new TableUpdate.AddSchema(added));
    }

    /// <summary>Makes a schema current; −1 means the one added last.</summary>
    /// <exception cref="IcebergException">There is no such schema.</exception>
    public TableMetadataBuilder SetCurrentSchema(int schemaId = TableUpdate.LastAdded)
    {
        var id = Resolve(schemaId, _lastAddedSchemaId, "schema");
        if (_now.FindSchema(id) is null)
        {
            throw new IcebergException($"There is no schema {id} to make current.");
        }

        return id == _now.CurrentSchemaId ? this : Change(
            _now with { CurrentSchemaId = id },
            new TableUpdate.SetCurrentSchema(Recorded(id, _changes.OfType<TableUpdate.AddSchema>().Any(c => c.Schema.SchemaId == id))));
    }

    /// <summary>
    /// Adds a partition spec under the next free id; fields that an older spec has too keep their ids.
    /// </summary>
    /// <exception cref="IcebergException">
    /// A field does not fit the current schema, or its transform is not known.
    /// </exception>
    public TableMetadataBuilder AddSpec(PartitionSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (_now.Specs.FirstOrDefault(s => s.IsCompatibleWith(spec)) is { } same)
        {
            _lastAddedSpecId = same.SpecId;
            return this;
        }

        foreach (var field in spec.Fields.Where(f => f.Transform.Kind != TransformKind.Void))
        {
            CheckPartitionField(field);
        }

        var lastPartitionId = _now.LastPartitionId;
        var known = KnownFieldIds(spec);
        var fields = spec.Fields.Select((field, i) => field with { FieldId = known[i] ?? ++lastPartitionId }).ToList();
        var added = new PartitionSpec(_now.Specs.Count == 0 ? 0 : _now.Specs.Max(s => s.SpecId) + 1, fields);
        _lastAddedSpecId = added.SpecId;
        return Change(
            _now with { Specs = [.. _now.Specs, added], LastPartitionId = lastPartitionId },
            new TableUpdate.AddSpec(added));
    }

    /// <summary>Makes a partition spec the one that writers use; −1 means the one added last.</summary>
    /// <exception cref="IcebergException">There is no such spec.</exception>
    public TableMetadataBuilder SetDefaultSpec(int specId = TableUpdate.LastAdded)
    {
        var id = Resolve(specId, _lastAddedSpecId, "partition spec");
        if (_now.FindSpec(id) is null)
        {
            throw new IcebergException($"There is no partition spec {id} to make the default.");
        }

        return id == _now.DefaultSpecId ? this : Change(
            _now with { DefaultSpecId = id },
            new TableUpdate.SetDefaultSpec(Recorded(id, _changes.OfType<TableUpdate.AddSpec>().Any(c => c.Spec.SpecId == id))));
    }

    /// <summary>
    /// Adds a sort order under the next free id, the empty one always under 0; an equal one is used again.
    /// </summary>
    /// <exception cref="IcebergException">A key does not fit the current schema.</exception>
    public TableMetadataBuilder AddSortOrder(SortOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (_now.SortOrders.FirstOrDefault(o => o.Fields.SequenceEqual(order.Fields)) is { } same)
        {
            _lastAddedOrderId = same.OrderId;
            return this;
        }

        foreach (var field in order.Fields)
        {
            if (_now.Schema.Find(field.SourceId) is not { } source || !field.Transform.CanApplyTo(source.Type))
            {
                throw new IcebergException(
                    $"Sort key {field.Transform}({field.SourceId}) does not fit any column of the current schema.");
            }
        }

        var next = _now.SortOrders.Count == 0 ? 1 : Math.Max(1, _now.SortOrders.Max(o => o.OrderId) + 1);
        var added = order.WithId(order.Fields.Count == 0 ? 0 : next);
        _lastAddedOrderId = added.OrderId;
        return Change(_now with { SortOrders = [.. _now.SortOrders, added] }, new TableUpdate.AddSortOrder(added));
    }

    /// <summary>Makes a sort order the one that writers use; −1 means the one added last.</summary>
    /// <exception cref="IcebergException">There is no such order.</exception>
    public TableMetadataBuilder SetDefaultSortOrder(int orderId = TableUpdate.LastAdded)
    {
        var id = Resolve(orderId, _lastAddedOrderId, "sort order");
        if (_now.SortOrders.All(o => o.OrderId != id))
        {
            throw new IcebergException($"There is no sort order {id} to make the default.");
        }

        return id == _now.DefaultSortOrderId ? this : Change(
            _now with { DefaultSortOrderId = id },
            new TableUpdate.SetDefaultSortOrder(
                Recorded(id, _changes.OfType<TableUpdate.AddSortOrder>().Any(c => c.SortOrder.OrderId == id))));
    }

    /// <summary>
    /// The ids that fields keep from older specs: of the same field under that id, perhaps renamed; else of the same field
    /// under that name; else of the field whose place a void one holds. No id is given twice.
    /// </summary>
    private int?[] KnownFieldIds(PartitionSpec spec)
    {
        var ids = new int?[spec.Fields.Count];
        var older = _now.Specs.SelectMany(s => s.Fields).ToList();
        Match((field, old) => IsSame(field, old) && old.FieldId == field.FieldId);
        Match((field, old) => IsSame(field, old) && old.Name == field.Name);
        Match((field, old) => field.Transform.Kind == TransformKind.Void
            && old.SourceId == field.SourceId && old.FieldId == field.FieldId);
        return ids;

        void Match(Func<PartitionField, PartitionField, bool> matches)
        {
            for (var i = 0; i < ids.Length; i++)
            {
                var field = spec.Fields[i];
                ids[i] ??= older.Find(old => matches(field, old) && !ids.Contains(old.FieldId))?.FieldId;
            }
        }

        static bool IsSame(PartitionField left, PartitionField right) =>
            left.SourceId == right.SourceId && left.Transform == right.Transform;
    }

    private void CheckPartitionField(PartitionField field)
    {
        var source = _now.Schema.Find(field.SourceId) ?? throw new IcebergException(
            $"Partition field '{field.Name}' comes from column {field.SourceId}, which the current schema does not "
            + "have.");
        if (field.Transform.Kind == TransformKind.Unknown || source.Repeated || !field.Transform.CanApplyTo(source.Type))
        {
            throw new IcebergException(
                $"Partition field '{field.Name}': {field.Transform} cannot be applied to column '{source.FullName}' "
                + $"of type {source.Type}.");
        }
    }

    private static int Resolve(int id, int? lastAdded, string what) => id != TableUpdate.LastAdded ? id
        : lastAdded ?? throw new IcebergException($"No {what} was added in this change, so there is no last one.");

    /// <summary>
    /// An id given in this change is recorded as "the last added": a replay on another base may number it otherwise.
    /// </summary>
    private static int Recorded(int id, bool addedHere) => addedHere ? TableUpdate.LastAdded : id;
}
