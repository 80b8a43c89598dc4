namespace PvLakehouse.Pipeline.Alerting;

/// <summary>The mail server for alerts, and who gets them.</summary>
public sealed record MailAlertOptions
{
    /// <summary>Name of the SMTP server.</summary>
    public required string Host { get; init; }

    /// <summary>Its port, 25 or 587 for plain text that turns to TLS when offered, 465 for TLS.</summary>
    public required int Port { get; init; }

    /// <summary>Whether the connection begins with TLS.</summary>
    public bool Encrypted { get; init; }

    /// <summary>The account; null for a server that asks for none.</summary>
    public string? User { get; init; }

    /// <summary>The account's password.</summary>
    public string? Password { get; init; }

    /// <summary>The sender's address.</summary>
    public required string From { get; init; }

    /// <summary>The addresses that get the alerts, at least one.</summary>
    public required IReadOnlyList<string> To { get; init; }
}
