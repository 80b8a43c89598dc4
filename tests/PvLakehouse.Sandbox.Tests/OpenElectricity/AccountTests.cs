using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using PvLakehouse.Sandbox.Plans;
using PvLakehouse.Sandbox.Tests.Support;

namespace PvLakehouse.Sandbox.Tests.OpenElectricity;

public sealed class AccountTests
{
    [Theory]
    [InlineData(null, "Not authenticated")]
    [InlineData("Bearer short", "Invalid API key")]
    [InlineData("Bearer a-key-that-nobody-knows", "Authentication failed")]
    public async Task Without_a_good_key_every_answer_is_401(string? authorization, string message)
    {
        await using var sandbox = await TestSandbox.StartAsync(with: options =>
            options with { ApiKeys = new HashSet<string>(StringComparer.Ordinal) { "the-only-good-key" } });
        sandbox.Client.DefaultRequestHeaders.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);

        // The key is looked at before anything else, so the wrong parameters do not show.
        foreach (var path in new[] { "v4/facilities/?status_id=x", "v4/data/facilities/NEM?metrics=x", "v4/me" })
        {
            var (status, body) = await sandbox.GetAsync(path);
            Assert.Equal(
                $$"""{"version":"4.5.11","response_status":"ERROR","error":"{{message}}","success":false}""",
                body.ToJsonString());
            Assert.Equal(401, status);
        }
    }

    [Fact]
    public async Task The_good_key_passes()
    {
        await using var sandbox = await TestSandbox.StartAsync(with: options =>
            options with { ApiKeys = new HashSet<string>(StringComparer.Ordinal) { "test-key-0123456789" } });

        Assert.Equal("ENTERPRISE", (string?)(await sandbox.OkAsync("v4/me"))["data"]!["plan"]);
    }

    [Fact]
    public async Task On_the_free_plan_the_account_tells_what_is_left_today()
    {
        await using var sandbox = await TestSandbox.StartAsync(with: options => options with { Plan = SandboxPlan.Community });

        var data = (await sandbox.OkAsync("v4/me"))["data"]!;

        // The question itself took one of 500.
        Assert.Equal(("COMMUNITY", 499, "2025-11-21T00:00:00Z"),
            ((string?)data["plan"], (int)data["credits"]!["remaining"]!, (string?)data["credits"]!["reset"]));
    }

    [Fact]
    public async Task Open_pages_need_no_key()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        sandbox.Client.DefaultRequestHeaders.Authorization = null;

        Assert.Equal("\"OK\"", (await sandbox.OkAsync("health")).ToJsonString());
        Assert.Equal(["COMMUNITY", "ENTERPRISE"], (await sandbox.OkAsync("v4/plans")).AsArray().Select(plan => (string?)plan!["name"]));
        Assert.Equal(["NEM", "WEM", "AU"], (await sandbox.OkAsync("v4/networks")).AsArray().Select(network => (string?)network!["code"]));
    }

    [Theory]
    [InlineData("v4/nothing", "GET", 404, """{"detail":"Not Found"}""")]
    [InlineData("v4/facilities/", "POST", 405, """{"detail":"Method Not Allowed"}""")]
    public async Task Unknown_paths_and_methods_get_the_frameworks_body(string path, string method, int status, string expected)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        using var request = new HttpRequestMessage(new(method), path);

        using var response = await sandbox.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((status, expected), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Every_answer_says_that_it_is_simulated_and_the_page_tells_the_clock()
    {
        await using var sandbox = await TestSandbox.StartAsync();

        using var refused = await sandbox.Client.GetAsync("v4/nothing", TestContext.Current.CancellationToken);
        var page = await sandbox.OkAsync("");

        Assert.Equal("simulation", Assert.Single(refused.Headers.GetValues("X-PvLake-Sandbox")));
        Assert.Equal(("simulation", "2025-11-20T02:00:00Z", "unlimited", 1),
            ((string?)page["sandbox"], (string?)page["clock"], (string?)page["plan"], (int)page["requests"]!));
        Assert.IsType<JsonObject>(page);
    }
}
