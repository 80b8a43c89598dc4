namespace PvLakehouse.Iceberg.Spec;

/// <summary>
/// Makes a partition spec for the columns of a schema; names default to those of the reference implementation.
/// </summary>
public sealed class PartitionSpecBuilder
{
    private readonly Schema _schema;
    private readonly List<PartitionField> _fields = [];

    internal PartitionSpecBuilder(Schema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        _schema = schema;
    }

    /// <summary>Adds the value of a column, under the column's name.</summary>
    public PartitionSpecBuilder Identity(string column) => Add(column, Transform.Identity, column);

    /// <summary>Adds the year of a column, as <c>{column}_year</c>.</summary>
    public PartitionSpecBuilder Year(string column) => Add(column, Transform.Year, $"{column}_year");

    /// <summary>Adds the month of a column, as <c>{column}_month</c>.</summary>
    public PartitionSpecBuilder Month(string column) => Add(column, Transform.Month, $"{column}_month");

    /// <summary>Adds the day of a column, as <c>{column}_day</c>.</summary>
    public PartitionSpecBuilder Day(string column) => Add(column, Transform.Day, $"{column}_day");

    /// <summary>Adds the hour of a column, as <c>{column}_hour</c>.</summary>
    public PartitionSpecBuilder Hour(string column) => Add(column, Transform.Hour, $"{column}_hour");

    /// <summary>Adds hash buckets of a column, as <c>{column}_bucket</c>.</summary>
    public PartitionSpecBuilder Bucket(string column, int buckets) =>
        Add(column, Transform.Bucket(buckets), $"{column}_bucket");

    /// <summary>Adds the cut value of a column, as <c>{column}_trunc</c>.</summary>
    public PartitionSpecBuilder Truncate(string column, int width) =>
        Add(column, Transform.Truncate(width), $"{column}_trunc");

    /// <summary>Adds a field of any transform and name.</summary>
    /// <exception cref="ArgumentException">
    /// There is no such column, its type cannot go through the transform, or the name is taken.
    /// </exception>
    public PartitionSpecBuilder Add(string column, Transform transform, string name)
    {
        ArgumentNullException.ThrowIfNull(transform);
        var source = _schema.Find(column) ?? throw new ArgumentException(
            $"There is no column '{column}' to partition by; there are {string.Join(", ", _schema.AllFields.Select(f => f.FullName))}.",
            nameof(column));
        if (source.Repeated || !transform.CanApplyTo(source.Type) || transform.Kind == TransformKind.Unknown)
        {
            throw new ArgumentException(
                $"Column '{column}' of type {source.Type} cannot be partitioned by {transform}.", nameof(column));
        }

        if (_schema.Find(name) is { } clash && (transform.Kind != TransformKind.Identity || clash.Id != source.Id))
        {
            throw new ArgumentException($"Partition name '{name}' is already the name of a column.", nameof(name));
        }

        _fields.Add(new PartitionField(source.Id, PartitionSpec.FirstFieldId + _fields.Count, name, transform));
        return this;
    }

    /// <summary>The spec; a catalog gives it its final ids.</summary>
    public PartitionSpec Build(int specId = 0) => new(specId, _fields);
}
