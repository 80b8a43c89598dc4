namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>A location taken apart, so that the same file is known under other spellings.</summary>
/// <param name="Scheme">For example <c>s3</c>; <c>file</c> when the location names none.</param>
/// <param name="Authority">Host or bucket; empty for local files.</param>
/// <param name="Path">The rest, beginning with a slash and without double slashes.</param>
internal readonly record struct FileAddress(string Scheme, string Authority, string Path)
{
    public string Prefix => $"{Scheme}://{Authority}";

    /// <remarks>
    /// <c>/x</c>, <c>file:/x</c> and <c>file:///x</c> are one file. Slashes are joined even where storage would keep
    /// them apart: taking two files for one only ever keeps a file.
    /// </remarks>
    public static FileAddress Parse(string location)
    {
        var colon = location.IndexOf(':', StringComparison.Ordinal);
        var slash = location.IndexOf('/', StringComparison.Ordinal);
        if (colon <= 0 || (slash >= 0 && slash < colon))
        {
            return new FileAddress("file", "", Joined(location));
        }

        var (scheme, rest) = (location[..colon], location[(colon + 1)..]);
        if (!rest.StartsWith("//", StringComparison.Ordinal))
        {
            return new FileAddress(Lower(scheme), "", Joined(rest));
        }

        var end = rest.IndexOf('/', 2);
        var authority = end < 0 ? rest[2..] : rest[2..end];
        return new FileAddress(Lower(scheme), authority, Joined(end < 0 ? "/" : rest[end..]));
    }

    /// <summary>The same address with names that stand for others replaced.</summary>
    public FileAddress Normalise(
        IReadOnlyDictionary<string, string> schemes, IReadOnlyDictionary<string, string> authorities) => new(
        schemes.GetValueOrDefault(Scheme, Scheme), authorities.GetValueOrDefault(Authority, Authority), Path);

    public override string ToString() => $"{Prefix}{Path}";

#pragma warning disable CA1308 // Schemes are written in lower case.
    private static string Lower(string scheme) => scheme.ToLowerInvariant();
#pragma warning restore CA1308

    private static string Joined(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal))
        {
            path = path.Replace("//", "/", StringComparison.Ordinal);
        }

        return path.StartsWith('/') ? path : $"/{path}";
    }
}
