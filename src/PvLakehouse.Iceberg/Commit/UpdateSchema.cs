using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// Changes the columns of a table without touching its files: columns are followed by id, not by name.
/// </summary>
/// <remarks>
/// <para>Nested fields are named by dots: <c>address.street</c>, <c>tags.element</c>, <c>codes.value.x</c>. All names
/// are those of the schema before the change, except that columns added here can be moved, required and given a
/// doc.</para>
/// <para>Rules are those of the reference implementation. A name that is not there, or a change that stands against
/// another, is an <see cref="ArgumentException"/>; one that old files would contradict is an
/// <see cref="IncompatibleSchemaException"/>. If somebody else changes the schema before the commit, that is a
/// conflict. For one commit; make another object for the next.</para>
/// </remarks>
public sealed partial class UpdateSchema
{
    private readonly WritableTable _table;
    private readonly Schema _schema;
    private readonly int _firstColumnId;
    private readonly SchemaChanges _changes = new();
    private readonly Dictionary<string, (int Id, int ParentId)> _added = new(StringComparer.Ordinal);
    private List<string> _identifiers;
    private int _lastColumnId;
    private bool _allowIncompatible;
    private bool _caseSensitive = true;

    internal UpdateSchema(WritableTable table)
    {
        _table = table;
        _schema = table.Schema;
        _firstColumnId = _lastColumnId = table.Metadata.LastColumnId;
        _identifiers = [.. _schema.IdentifierFieldIds.Select(id => _schema.Find(id)!.FullName)];
    }

    /// <summary>Compares names without case from here on; two columns must then differ in more than case.</summary>
    public UpdateSchema IgnoreCase()
    {
        _caseSensitive = false;
        return this;
    }

    /// <summary>Allows required columns without values in old files, and making columns required.</summary>
    /// <remarks>Reading then fails where an old file has no value.</remarks>
    public UpdateSchema AllowIncompatibleChanges()
    {
        _allowIncompatible = true;
        return this;
    }

    /// <summary>Adds an optional column at the end.</summary>
    /// <exception cref="ArgumentException">
    /// There is such a column, or the name has dots and so may mean a field.
    /// </exception>
    public UpdateSchema AddColumn(string name, IcebergType type, string? doc = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Contains('.', StringComparison.Ordinal)
            ? throw new ArgumentException(
                $"Column name '{name}' is ambiguous: name the parent, or take a name without dots.", nameof(name))
            : AddColumn(null, name, type, doc);
    }

    /// <summary>Adds an optional field to a struct, to the structs in a list, or to the values of a map.</summary>
    /// <param name="parent">Full name of the column; null adds a column at the top.</param>
    /// <param name="name">Name of the new field; it may hold dots, which separate nothing here.</param>
    /// <param name="type">Its type; ids within are assigned anew.</param>
    /// <param name="doc">What it means; null when nobody says.</param>
    public UpdateSchema AddColumn(string? parent, string name, IcebergType type, string? doc = null)
    {
        Add(parent, name, type, required: false, doc);
        return this;
    }

    /// <summary>Adds a column that is never null, which only an incompatible change can do.</summary>
    public UpdateSchema AddRequiredColumn(string? parent, string name, IcebergType type, string? doc = null)
    {
        Add(parent, name, type, required: true, doc);
        return this;
    }

    /// <summary>Removes a column with all that is nested in it; its id is never used again.</summary>
    public UpdateSchema DropColumn(string name)
    {
        var field = Existing(name, "delete");
        if (_changes.Added.ContainsKey(field.Id))
        {
            throw new ArgumentException($"Column '{name}' cannot be deleted: something is added to it.", nameof(name));
        }

        if (_changes.Updated.ContainsKey(field.Id))
        {
            throw new ArgumentException($"Column '{name}' cannot be deleted: it is changed too.", nameof(name));
        }

        _changes.Deleted.Add(field.Id);
        return this;
    }

    /// <summary>Gives a column another name, without the names of its parents.</summary>
    public UpdateSchema RenameColumn(string name, string newName)
    {
        ArgumentException.ThrowIfNullOrEmpty(newName);
        var field = Existing(name, "rename");
        CheckNotDeleted(field.Id, name);
        _changes.Updated[field.Id] = Now(field.Field) with { Name = newName };
        var prefix = field.FullName[..^field.Field.Name.Length];
        _identifiers = [.. _identifiers.Select(i =>
            i == field.FullName ? prefix + newName
            : i.StartsWith(field.FullName + ".", StringComparison.Ordinal) ? prefix + newName + i[field.FullName.Length..]
            : i)];
        return this;
    }

    /// <summary>Widens the type of a column: int to long, float to double, a decimal to more digits.</summary>
    /// <exception cref="IncompatibleSchemaException">
    /// The type cannot become the other without rewriting files.
    /// </exception>
    public UpdateSchema UpdateColumnType(string name, IcebergType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var field = ForUpdate(name);
        if (field.Type.Equals(type))
        {
            return this;
        }

        if (field.Type is not PrimitiveType from || type is not PrimitiveType to || !from.CanPromoteTo(to))
        {
            throw new IncompatibleSchemaException($"Column '{name}' of type {field.Type} cannot become {type}.");
        }

        Change(field with { Type = type });
        return this;
    }

    /// <summary>Says what a column means; null forgets it.</summary>
    public UpdateSchema UpdateDoc(string name, string? doc)
    {
        Change(ForUpdate(name) with { Doc = doc });
        return this;
    }

    /// <summary>Lets a column be null.</summary>
    public UpdateSchema MakeOptional(string name)
    {
        Change(ForUpdate(name) with { Required = false });
        return this;
    }

    /// <summary>Forbids null in a column, which only an incompatible change can do.</summary>
    /// <exception cref="IncompatibleSchemaException">Incompatible changes are not allowed.</exception>
    public UpdateSchema RequireColumn(string name)
    {
        var field = ForUpdate(name);
        if (!field.Required)
        {
            CheckIncompatible($"Column '{name}' cannot become required: files may hold nulls.");
            Change(field with { Required = true });
        }

        return this;
    }

    /// <summary>Moves a column before all others of its parent.</summary>
    public UpdateSchema MoveFirst(string name) => Move(name, FieldPlace.First, null);

    /// <summary>Moves a column before another of the same parent.</summary>
    public UpdateSchema MoveBefore(string name, string other) => Move(name, FieldPlace.Before, other);

    /// <summary>Moves a column behind another of the same parent.</summary>
    public UpdateSchema MoveAfter(string name, string other) => Move(name, FieldPlace.After, other);

    /// <summary>Names the columns that together identify a row; none when empty.</summary>
    /// <remarks>
    /// They must be required, and neither floating-point numbers nor inside lists, maps or optional structs.
    /// </remarks>
    public UpdateSchema SetIdentifierFields(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        _identifiers = [.. names];
        return this;
    }

    /// <summary>
    /// Adds and widens columns until a schema of other ids fits, by name; nothing is dropped or narrowed.
    /// </summary>
    /// <exception cref="IncompatibleSchemaException">A column of both has types that do not fit.</exception>
    public UpdateSchema UnionByNameWith(Schema other)
    {
        ArgumentNullException.ThrowIfNull(other);
        new SchemaUnion(this, name => _schema.Find(name, _caseSensitive)).Add(null, other.Struct);
        return this;
    }

    /// <summary>The schema that the commit will make, ids included.</summary>
    /// <exception cref="InvalidOperationException">
    /// An identifier field is missing or deleted, a map key would change, or a list or map lose what it holds.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// Two columns would have one name, or an identifier field is not fit to be one.
    /// </exception>
    public Schema Apply()
    {
        CheckIdentifiersStay();
        var columns = _changes.Apply(_schema.Struct);
        var plain = new Schema(columns, _schema.SchemaId);
        var ids = _identifiers.Select(name => plain.Find(name, _caseSensitive)?.Id ?? throw new InvalidOperationException(
            $"There is no column '{name}' to identify rows by."));
        return new Schema(columns, _schema.SchemaId, ids);
    }

    /// <summary>Commits the change, repeating it as long as nobody else changes the schema.</summary>
    /// <exception cref="CommitConflictException">
    /// Somebody changed the schema, or others kept committing first.
    /// </exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the change happened.</exception>
    public Task CommitAsync(CancellationToken cancellationToken = default)
    {
        var made = Apply();
        return _table.RunAsync(
            new MetadataUpdate(builder => Commit(builder, made), table => table.Schema.HasSameFields(made)), cancellationToken);
    }
}
