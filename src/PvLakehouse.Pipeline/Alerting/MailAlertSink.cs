using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace PvLakehouse.Pipeline.Alerting;

/// <summary>Sends alerts by e-mail.</summary>
/// <param name="options">The server and the addresses.</param>
public sealed class MailAlertSink(MailAlertOptions options) : IAlertSink
{
    private const int PatienceMs = 10_000;

    /// <inheritdoc/>
    public async Task RaiseAsync(Alert alert, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alert);
        using var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(options.From));
        message.To.AddRange(options.To.Select(MailboxAddress.Parse));
        message.Subject = $"PV Lakehouse: {alert.Title}";
        message.Body = new TextPart("plain") { Text = $"{alert.Text}\n\n{alert.RaisedAt:u}\n" };
        try
        {
            using var client = new SmtpClient { Timeout = PatienceMs };
            await client.ConnectAsync(
                options.Host, options.Port,
                options.Encrypted ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable,
                cancellationToken);
            if (options.User is { } user)
            {
                await client.AuthenticateAsync(user, options.Password ?? "", cancellationToken);
            }

            await client.SendAsync(message, cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception error) when (error is IOException or SocketException or TimeoutException or ProtocolException
            or AuthenticationException
            or CommandException)
        {
            throw new AlertException($"The alert '{alert.Title}' could not be mailed through {options.Host}:{options.Port}: "
                + $"{error.Message}", error);
        }
    }
}
