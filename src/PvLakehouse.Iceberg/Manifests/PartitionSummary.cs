using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Collects the range of one partition field over the files of a manifest.</summary>
internal sealed class PartitionSummary
{
    private bool _containsNull;
    private bool _containsNaN;
    private Literal? _min;
    private Literal? _max;

    public void Add(Literal? value)
    {
        if (value is not { } v)
        {
            _containsNull = true;
        }
        else if (v.IsNaN)
        {
            _containsNaN = true;
        }
        else
        {
            _min = _min is { } min && min <= v ? min : v;
            _max = _max is { } max && max >= v ? max : v;
        }
    }

    public PartitionFieldSummary ToSummary() => new(
        _containsNull,
        _containsNaN,
        _min is { } min ? SingleValue.ToBytes(min) : default(ReadOnlyMemory<byte>?),
        _max is { } max ? SingleValue.ToBytes(max) : default(ReadOnlyMemory<byte>?));
}
