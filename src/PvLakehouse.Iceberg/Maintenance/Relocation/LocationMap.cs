using System.Security.Cryptography;
using System.Text;

namespace PvLakehouse.Iceberg.Maintenance.Relocation;

/// <summary>Says where each file of a moved table lies: folders keep their inner order under their new roots.</summary>
/// <remarks>
/// The spellings of one store are equal: <c>/x</c>, <c>file:/x</c> and <c>file:///x</c>; <c>s3</c>, <c>s3a</c> and <c>s3n</c>.
/// A file outside of all folders goes to a folder of its own, so that two of one name never meet.
/// </remarks>
public sealed class LocationMap
{
    private static readonly Dictionary<string, string> Schemes = new(StringComparer.Ordinal) { ["s3a"] = "s3", ["s3n"] = "s3" };
    private static readonly Dictionary<string, string> Authorities = [];

    private readonly List<(string From, string To)> _folders;
    private readonly string _outside;

    /// <summary>States where folders go.</summary>
    /// <param name="folders">Old and new roots; of several that hold a file the longest counts.</param>
    /// <param name="outside">Where files go that lie in none of them.</param>
    public LocationMap(IEnumerable<(string From, string To)> folders, string outside)
    {
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentException.ThrowIfNullOrEmpty(outside);
        _folders = [.. folders.Select(f => (Text(f.From.TrimEnd('/')), f.To.TrimEnd('/'))).OrderByDescending(f => f.Item1.Length)];
        _outside = outside.TrimEnd('/');
    }

    /// <summary>Where a file or folder goes.</summary>
    public string Move(string location)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        var address = Text(location);
        foreach (var (from, to) in _folders)
        {
            if (address.Length == from.Length && address == from)
            {
                return to;
            }

            if (address.Length > from.Length && address[from.Length] == '/' && address.StartsWith(from, StringComparison.Ordinal))
            {
                return to + address[from.Length..];
            }
        }

        var slash = address.LastIndexOf('/');
        var folder = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address[..slash])))[..16];
        return $"{_outside}/{folder}{address[slash..]}";
    }

    private static string Text(string location) => FileAddress.Parse(location).Normalise(Schemes, Authorities).ToString();
}
