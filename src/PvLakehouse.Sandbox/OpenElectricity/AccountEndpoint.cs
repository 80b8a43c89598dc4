using System.Text.Json;
using PvLakehouse.Sandbox.Http;
using PvLakehouse.Sandbox.Plans;
using PvLakehouse.Sandbox.Time;

namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary><c>GET /v4/me</c>, <c>/v4/plans</c> and <c>/v4/networks</c>.</summary>
internal sealed class AccountEndpoint(PlanLimits limits, KeyQuota quota, TimeProvider clock)
{
    /// <summary>Who the key belongs to, and what is left today.</summary>
    public Reply Me(string key) => new BufferedReply(200, Reply.Json, JsonText.Build(json =>
    {
        var now = clock.GetUtcNow();
        json.WriteStartObject();
        json.WriteString("version", OpenElectricityError.Version);
        json.WriteString("created_at", SydneyClock.At(now).ToString("yyyy-MM-dd'T'HH:mm:sszzz"));
        json.WriteBoolean("success", value: true);
        json.WriteStartObject("data");
        json.WriteString("id", "key_sandbox");
        json.WriteString("full_name", "Sandbox");
        json.WriteString("plan", limits.Name);
        json.WriteStartArray("roles");
        json.WriteStringValue("anonymous");
        json.WriteEndArray();
        if (quota.Remaining(key) is { } remaining)
        {
            json.WriteStartObject("credits");
            json.WriteNumber("remaining", remaining);
            json.WriteString("reset", now.UtcDateTime.Date.AddDays(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }));

    /// <summary>The plans that the sandbox knows; a bare array.</summary>
    public static Reply Plans() => new BufferedReply(200, Reply.Json, JsonText.Build(json =>
    {
        json.WriteStartArray();
        Write(json, PlanLimits.Community);
        Write(json, PlanLimits.Unlimited);
        json.WriteEndArray();
    }));

    /// <summary>The networks; a bare array.</summary>
    public static Reply Networks() => new BufferedReply(200, Reply.Json, JsonText.Build(json =>
    {
        json.WriteStartArray();
        foreach (var network in Network.All)
        {
            json.WriteStartObject();
            json.WriteString("code", network.Code);
            json.WriteString("country", "au");
            json.WriteNumber("offset", (int)network.Clock.Offset.TotalMinutes);
            json.WriteNumber("interval_size", 5);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }));

    private static void Write(Utf8JsonWriter json, PlanLimits plan)
    {
        json.WriteStartObject();
        json.WriteString("name", plan.Name);
        WriteLimit(json, "credits_per_day", plan.CreditsPerDay);
        WriteLimit(json, "requests_per_second", plan.RequestsPerSecond);
        WriteLimit(json, "history_days", plan.HistoryDays);
        json.WriteStartObject("bucket_limits");
        foreach (var interval in Enum.GetValues<SeriesInterval>())
        {
            json.WriteNumber(interval.Name(), plan.MaximumDays(interval));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLimit(Utf8JsonWriter json, string name, int? limit)
    {
        if (limit is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
