using System.Text;
using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Iceberg.Maintenance.Relocation;

/// <summary>Copiers of manifest lists and manifests that change the locations in them.</summary>
internal static class MovedManifests
{
    private const int ManifestPath = 500;
    private const int ManifestLength = 501;

    /// <summary>Field id of the column of position deletes that names data files (spec: "Reserved Field IDs").</summary>
    private const int DeletedFilePath = 2147483546;

    /// <summary>U+10FFFF in UTF-8.</summary>
    private static readonly byte[] Highest = [0xf4, 0x8f, 0xbf, 0xbf];

    /// <summary>For a manifest list.</summary>
    /// <param name="schema">Its schema.</param>
    /// <param name="move">Where a location goes.</param>
    /// <param name="lengths">Lengths of the new manifests [bytes], by their old locations.</param>
    public static ValueCopier List(AvroSchema schema, Func<string, string> move, IReadOnlyDictionary<string, long> lengths)
    {
        string? manifest = null;
        return AvroCopy.Record(schema, field => field.FieldId switch
        {
            ManifestPath => AvroCopy.Text(field.Type, field.Name, path => move(manifest = path)),
            ManifestLength => AvroCopy.Whole(field.Type, field.Name, _ => manifest is { } path
                ? lengths[path]
                : throw new IcebergFormatException("The manifest list writes the length of a manifest before its path.")),
            _ => null,
        });
    }

    /// <summary>For a manifest.</summary>
    /// <param name="schema">Its schema.</param>
    /// <param name="move">Where a location goes.</param>
    /// <param name="files">The data files that move, by their old locations.</param>
    /// <param name="sizes">Sizes of files that became longer or shorter [bytes], by their old locations.</param>
    public static ValueCopier Entries(
        AvroSchema schema, Func<string, string> move, IReadOnlySet<string> files, IReadOnlyDictionary<string, long> sizes)
    {
        var file = "";
        return AvroCopy.Record(schema, entry => entry.FieldId == EntryFields.DataFile ? AvroCopy.Record(entry.Type, DataFile) : null);

        ValueCopier? DataFile(AvroField field) => field.FieldId switch
        {
            EntryFields.FilePath => AvroCopy.Text(field.Type, field.Name, path => move(file = path)),
            EntryFields.FileSize => AvroCopy.Whole(field.Type, field.Name, size => sizes.GetValueOrDefault(file, size)),
            EntryFields.ReferencedDataFile => AvroCopy.Text(field.Type, field.Name, move),
            EntryFields.LowerBounds or EntryFields.UpperBounds => AvroCopy.Items(
                field.Type,
                field.Name,
                item => Bound(item, field.FieldId.Value + 1, path => files.Contains(path) ? Encoding.UTF8.GetBytes(move(path))
                    : field.FieldId == EntryFields.LowerBounds ? [] : Highest)),
            _ => null,
        };
    }

    /// <summary>
    /// Bounds of the column that names data files. Writers cut long texts, and the beginning of a location says nothing of
    /// where it goes: such a bound becomes the lowest or the highest text of all, which only ever reads a file too many.
    /// </summary>
    private static ValueCopier Bound(AvroSchema item, int keyId, Func<string, byte[]> move)
    {
        var key = 0L;
        return AvroCopy.Record(item, field => field.FieldId == keyId
            ? AvroCopy.Whole(field.Type, field.Name, id => key = id)
            : Value(AvroCopy.Verbatim(field.Type)));

        ValueCopier Value(ValueCopier verbatim) => (ref decoder, data, target) =>
        {
            if (key == DeletedFilePath)
            {
                target.WriteBytes(move(decoder.ReadString()));
            }
            else
            {
                verbatim(ref decoder, data, target);
            }
        };
    }
}
