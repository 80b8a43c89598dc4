using System.Globalization;
using Npgsql;

namespace PvLakehouse.Iceberg.Sql;

/// <summary>
/// Reads where a PostgreSQL database is: a URI as libpq, JDBC and SQLAlchemy write it, or a connection string of Npgsql.
/// </summary>
/// <remarks>
/// What is not in the text comes from PGUSER, PGPASSWORD and PGPASSFILE. No message repeats the text, because it may
/// hold a password.
/// </remarks>
internal static class PostgresAddress
{
    private const string Expected = "expected postgresql://user:password@host:port/database";

    /// <exception cref="IcebergException">The text is malformed, or has an option that is not known.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var uri = text.StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase) ? text["jdbc:".Length..] : text;
        var end = uri.IndexOf("://", StringComparison.Ordinal);
        try
        {
            var builder = end < 0 ? new NpgsqlConnectionStringBuilder(text) : FromUri(uri[..end], uri[(end + 3)..]);
            if (string.IsNullOrEmpty(builder.Host))
            {
                builder.Host = "localhost";
            }

            builder.ApplicationName ??= "PvLakehouse.Iceberg";
            builder.Enlist = false;
            return builder;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException
            or KeyNotFoundException)
        {
            // The cause is left out: it may repeat the text.
            throw new IcebergException(
                $"The address of the PostgreSQL catalog is malformed; {Expected}, or a connection string "
                + "such as Host=...;Database=...;Username=....");
        }
    }

    /// <summary>The address for messages: without password.</summary>
    public static string Describe(NpgsqlConnectionStringBuilder builder)
    {
        var user = builder.Username is { Length: > 0 } name ? $"{name}@" : "";
        var host = builder.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.Host
            : string.Create(CultureInfo.InvariantCulture, $"{builder.Host}:{builder.Port}");
        return $"postgresql://{user}{host}/{builder.Database}";
    }

    private static NpgsqlConnectionStringBuilder FromUri(string scheme, string rest)
    {
        // SQLAlchemy names the driver too: postgresql+psycopg2.
        if (scheme.Split('+')[0].ToUpperInvariant() is not ("POSTGRESQL" or "POSTGRES"))
        {
            throw new FormatException("another scheme");
        }

        var builder = new NpgsqlConnectionStringBuilder();
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0)
        {
            foreach (var pair in rest[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                SetOption(builder, pair);
            }

            rest = rest[..query];
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && slash < rest.Length - 1)
        {
            builder.Database = Uri.UnescapeDataString(rest[(slash + 1)..]);
        }

        var authority = slash < 0 ? rest : rest[..slash];
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var user = authority[..at];
            var colon = user.IndexOf(':', StringComparison.Ordinal);
            builder.Username = Uri.UnescapeDataString(colon < 0 ? user : user[..colon]);
            if (colon >= 0)
            {
                builder.Password = Uri.UnescapeDataString(user[(colon + 1)..]);
            }
        }

        SetHost(builder, authority[(at + 1)..]);
        return builder;
    }

    private static void SetHost(NpgsqlConnectionStringBuilder builder, string host)
    {
        if (host.Contains(',', StringComparison.Ordinal))
        {
            // Several servers: Npgsql takes the same list, ports included.
            builder.Host = host;
            return;
        }

        var colon = host.LastIndexOf(':');
        if (colon > host.LastIndexOf(']'))
        {
            builder.Port = int.Parse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture);
            host = host[..colon];
        }

        builder.Host = host.Length == 0 ? null : host.Trim('[', ']');
    }

    private static void SetOption(NpgsqlConnectionStringBuilder builder, string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? pair : pair[..equals];
        var value = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
        switch (name)
        {
            case "host":
                builder.Host = value;
                break;
            case "port":
                builder.Port = int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
                break;
            case "dbname":
                builder.Database = value;
                break;
            case "user":
                builder.Username = value;
                break;
            case "password":
                builder.Password = value;
                break;
            case "sslmode":
                builder.SslMode = Enum.Parse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
                break;
            case "ssl":
                builder.SslMode = bool.Parse(value) ? SslMode.Require : SslMode.Disable;
                break;
            case "sslrootcert":
                builder.RootCertificate = value;
                break;
            case "application_name" or "ApplicationName":
                builder.ApplicationName = value;
                break;
            case "connect_timeout" or "connectTimeout":
                builder.Timeout = int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
                break;
            case "currentSchema":
                builder.SearchPath = value;
                break;
            case "options":
                builder.Options = value;
                break;
            case "target_session_attrs" or "targetServerType":
                builder["Target Session Attributes"] = value;
                break;
            default:
                // After a question mark in a password, or without an equals sign, a name may be a password.
                var option = equals > 0 && !pair.Contains('@', StringComparison.Ordinal)
                    ? $"the option '{name}', which"
                    : "an option that";
                throw new IcebergException(
                    $"The address of the PostgreSQL catalog has {option} is not known; known are host, port, dbname, "
                    + "user, password, sslmode, ssl, sslrootcert, application_name, connect_timeout, currentSchema, "
                    + "options and target_session_attrs. A question mark in a password is written %3F.");
        }
    }
}
