using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PvLakehouse.Pipeline.Alerting;

namespace PvLakehouse.Pipeline.Tests.Alerting;

/// <summary>Alerts reach a file, a real HTTP server and a mail server; a place that cannot be reached is named and keeps nobody else waiting.</summary>
public sealed class AlertSinkTests : IDisposable
{
    private static readonly Alert Held = new(
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "farm-days held", "1 farm-day is held back – see 'pvlake audit list'.");

    private readonly string _folder = Directory.CreateTempSubdirectory("pvlake-alerts-").FullName;
    private readonly ServiceProvider _services = new ServiceCollection().AddHttpClient().BuildServiceProvider();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IHttpClientFactory Clients => _services.GetRequiredService<IHttpClientFactory>();

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_file_gets_a_line_of_JSON_for_each_alert()
    {
        var path = Path.Combine(_folder, "new", "alerts.jsonl");
        var sink = new FileAlertSink(path);

        await sink.RaiseAsync(Held, Token);
        await sink.RaiseAsync(Held with { Title = "audit failed" }, Token);

        var lines = (await File.ReadAllLinesAsync(path, Token)).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["farm-days held", "audit failed"], lines.Select(line => line.GetProperty("title").GetString()));
        Assert.Equal(Held.RaisedAt, lines[0].GetProperty("raised_at").GetDateTimeOffset());
        Assert.Equal(Held.Text, lines[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_webhook_gets_the_alert_as_JSON_and_one_that_fails_is_named_by_its_host_alone()
    {
        var bodies = new List<string>();
        await using var server = await ServeAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            bodies.Add($"{context.Request.Method} {context.Request.ContentType} {await reader.ReadToEndAsync(Token)}");
            context.Response.StatusCode = context.Request.Path == "/hooks/s3cret" ? 200 : 500;
        });

        await new WebhookAlertSink(Clients, new Uri(server.Urls.Single() + "/hooks/s3cret")).RaiseAsync(Held, Token);

        var body = Assert.Single(bodies);
        Assert.StartsWith("POST application/json", body, StringComparison.Ordinal);
        Assert.Equal(Held.Text, JsonDocument.Parse(body[body.IndexOf('{', StringComparison.Ordinal)..]).RootElement.GetProperty("text").GetString());
        var failure = await Assert.ThrowsAsync<AlertException>(
            () => new WebhookAlertSink(Clients, new Uri(server.Urls.Single() + "/hooks/0ther")).RaiseAsync(Held, Token));
        Assert.Contains("'farm-days held' could not be posted to 127.0.0.1", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0ther", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_server_gets_the_alert_with_its_addresses_and_text()
    {
        using var mailbox = new MailBox();

        await new MailAlertSink(Mail(mailbox.Port)).RaiseAsync(Held with { Text = "1 farm-day is held." }, Token);

        var lines = await mailbox.Received;
        Assert.Contains(lines, line => line.StartsWith("MAIL FROM:<lake@example.org>", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("RCPT TO:<ann@example.org>", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("RCPT TO:<bob@example.org>", StringComparison.Ordinal));
        Assert.Contains("Subject: PV Lakehouse: farm-days held", lines);
        Assert.Contains("1 farm-day is held.", lines);
        Assert.Contains("2026-01-02 03:04:05Z", lines);
    }

    [Fact]
    public async Task A_mail_server_that_refuses_or_is_not_there_is_named()
    {
        using var refusing = new MailBox("550 no such user");
        var refused = await Assert.ThrowsAsync<AlertException>(() => new MailAlertSink(Mail(refusing.Port)).RaiseAsync(Held, Token));
        Assert.Contains($"could not be mailed through 127.0.0.1:{refusing.Port}", refused.Message, StringComparison.Ordinal);

        using var gone = new MailBox();
        var port = gone.Port;
        gone.Dispose();
        await Assert.ThrowsAsync<AlertException>(() => new MailAlertSink(Mail(port)).RaiseAsync(Held, Token));
    }

    [Fact]
    public async Task A_place_that_cannot_be_reached_keeps_the_alert_from_no_other()
    {
        // A file cannot be made where a folder is.
        var undelivered = new List<string>();
        var path = Path.Combine(_folder, "alerts.jsonl");

        await new AlertSinks([new FileAlertSink(_folder), new FileAlertSink(path)], failure => undelivered.Add(failure.Message)).RaiseAsync(Held, Token);

        Assert.Contains(_folder, Assert.Single(undelivered), StringComparison.Ordinal);
        Assert.Single(await File.ReadAllLinesAsync(path, Token));
    }

    private static MailAlertOptions Mail(int port) => new()
    {
        Host = "127.0.0.1", Port = port, From = "lake@example.org", To = ["ann@example.org", "bob@example.org"],
    };

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(Token);
        return server;
    }
}
