using System.Globalization;
using PvLakehouse.Pipeline.Alerting;

namespace PvLakehouse.Cli.Lakes;

/// <summary>Where alerts go: a file, a URL, an e-mail address, all of them or none.</summary>
internal sealed record AlertSettings
{
    private const string FileKey = "alert-file";
    private const string WebhookKey = "alert-webhook";
    private const string SmtpKey = "alert-smtp";
    private const string FromKey = "alert-mail-from";
    private const string ToKey = "alert-mail-to";

    /// <summary>The program's variables, by setting.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [FileKey] = "PVLAKE_ALERT_FILE",
        [WebhookKey] = "PVLAKE_ALERT_WEBHOOK",
        [SmtpKey] = "PVLAKE_ALERT_SMTP",
        [FromKey] = "PVLAKE_ALERT_MAIL_FROM",
        [ToKey] = "PVLAKE_ALERT_MAIL_TO",
    };

    /// <summary>A file that gets one JSON object a line.</summary>
    public string? File { get; private init; }

    /// <summary>A URL that gets a POST. It may hold a secret.</summary>
    public Uri? Webhook { get; private init; }

    /// <summary>The mail server and its addressees. It may hold a password.</summary>
    public MailAlertOptions? Mail { get; private init; }

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">All settings, by name.</param>
    /// <param name="folder">The lake's folder, from where a relative file is meant.</param>
    /// <exception cref="LakeException">A setting makes no sense; secrets are not repeated.</exception>
    public static AlertSettings Read(IReadOnlyDictionary<string, string> settings, string folder) => new()
    {
        File = settings.TryGetValue(FileKey, out var file) ? Path.GetFullPath(file, folder) : null,
        Webhook = settings.TryGetValue(WebhookKey, out var webhook) ? Address(webhook) : null,
        Mail = settings.TryGetValue(SmtpKey, out var smtp) ? MailOf(smtp, settings) : null,
    };

    /// <summary>The sinks; one that cannot be reached is told on standard error.</summary>
    /// <param name="clients">Makes clients for the URL.</param>
    public AlertSinks Sinks(IHttpClientFactory clients)
    {
        var sinks = new List<IAlertSink>();
        if (File is { } file)
        {
            sinks.Add(new FileAlertSink(file));
        }

        if (Webhook is { } webhook)
        {
            sinks.Add(new WebhookAlertSink(clients, webhook));
        }

        if (Mail is { } mail)
        {
            sinks.Add(new MailAlertSink(mail));
        }

        return new AlertSinks(sinks, failure => Console.Error.WriteLine(failure.Message));
    }

    private static Uri Address(string webhook) =>
        Uri.TryCreate(webhook, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new LakeException($"The setting {WebhookKey} is no URL; expected one that begins with http:// or https://.");

    private static MailAlertOptions MailOf(string smtp, IReadOnlyDictionary<string, string> settings)
    {
        if (!Uri.TryCreate(smtp, UriKind.Absolute, out var address) || address.Scheme is not ("smtp" or "smtps")
            || address.Host.Length == 0)
        {
            throw new LakeException($"The setting {SmtpKey} is no mail server; expected smtp://user:password@host:port or smtps://....");
        }

        if (!settings.TryGetValue(FromKey, out var from) || !settings.TryGetValue(ToKey, out var to))
        {
            throw new LakeException($"The setting {SmtpKey} needs {FromKey} and {ToKey}: who sends the alerts, and who gets them.");
        }

        var isEncrypted = address.Scheme == "smtps";
        var user = address.UserInfo.Split(':', 2);
        return new MailAlertOptions
        {
            Host = address.Host,
            Port = address.Port > 0 ? address.Port : isEncrypted ? 465 : 25,
            Encrypted = isEncrypted,
            User = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            From = Mailbox(FromKey, from),
            To = [.. to.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(
                one => Mailbox(ToKey, one))],
        };
    }

    private static string Mailbox(string key, string text) => MimeKit.MailboxAddress.TryParse(text, out _)
        ? text
        : throw new LakeException(
            string.Create(CultureInfo.InvariantCulture, $"The setting {key} has '{text}', which is no e-mail address."));
}
