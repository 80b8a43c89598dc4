using System.Globalization;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading.Deletes;

/// <summary>Numbers for the partitions that equality deletes are limited to.</summary>
internal sealed class DeleteScopes
{
    private readonly Dictionary<(int, PartitionValues), int> _numbers = [];

    /// <summary>SQL of the number of a file's partition.</summary>
    public string Of(DataFile file)
    {
        var key = (file.SpecId, file.Partition);
        if (!_numbers.TryGetValue(key, out var number))
        {
            _numbers.Add(key, number = _numbers.Count);
        }

        return number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Whether deletes of a spec apply to every partition: those of an unpartitioned one.</summary>
    public static bool IsEverywhere(PartitionSpec spec) => spec.Fields.All(f => f.Transform.Kind == TransformKind.Void);
}
