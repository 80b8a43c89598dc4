using Microsoft.Extensions.Logging.Abstractions;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Http;

namespace PvLakehouse.Pipeline.Tests.Sources;

public sealed class RequestBudgetTests
{
    private static readonly DateTimeOffset Start = new(2026, 2, 3, 23, 58, 40, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_requests_a_second_start_half_a_second_apart()
    {
        var clock = new JumpingClock(Start);
        using var budget = Budget(clock, TimeSpan.FromSeconds(0.5));

        for (var request = 0; request < 4; request++)
        {
            await budget.AcquireAsync(1, Cancel);
        }

        Assert.Equal([0.5, 0.5, 0.5], clock.Waits.Select(wait => wait.TotalSeconds));
        Assert.Equal(Start.AddSeconds(1.5), clock.GetUtcNow());
    }

    [Fact]
    public async Task A_full_minute_is_waited_out_to_its_clock_boundary_and_no_longer()
    {
        var clock = new JumpingClock(Start);
        using var budget = Budget(clock, TimeSpan.Zero, new BudgetWindow(BudgetPeriod.Minute, 600));

        await budget.AcquireAsync(500, Cancel);
        await budget.AcquireAsync(100, Cancel);
        Assert.Empty(clock.Waits);
        await budget.AcquireAsync(1, Cancel);

        // 23:58:40 to 23:59:00.
        Assert.Equal([20.0], clock.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task A_request_heavier_than_the_whole_limit_goes_alone()
    {
        var clock = new JumpingClock(Start);
        using var budget = Budget(clock, TimeSpan.Zero, new BudgetWindow(BudgetPeriod.Minute, 600));

        await budget.AcquireAsync(700, Cancel);
        Assert.Empty(clock.Waits);
        await budget.AcquireAsync(1, Cancel);
        Assert.Single(clock.Waits);
    }

    [Fact]
    public async Task The_longest_of_several_waits_counts()
    {
        var clock = new JumpingClock(Start.AddMinutes(-30));
        using var budget = Budget(
            clock, TimeSpan.Zero, new(BudgetPeriod.Minute, 60), new(BudgetPeriod.Hour, 100));

        await budget.AcquireAsync(60, Cancel);
        await budget.AcquireAsync(40, Cancel);
        await budget.AcquireAsync(1, Cancel);

        // 23:28:40 to 23:29:00 for the minute, then on to 24:00 for the hour.
        Assert.Equal([20.0, 31 * 60.0], clock.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task A_limit_that_opens_too_late_is_an_error_that_says_when()
    {
        var clock = new JumpingClock(Start.AddHours(-20));
        using var budget = Budget(clock, TimeSpan.Zero, new BudgetWindow(BudgetPeriod.Day, 500));
        await budget.AcquireAsync(500, Cancel);

        var fault = await Assert.ThrowsAsync<SourceException>(() => budget.AcquireAsync(1, Cancel));

        Assert.Equal(SourceFault.LimitReached, fault.Fault);
        Assert.Equal(
            "Test: of 500 per day 500 are used and the next request costs 1; it opens again at 2026-02-04 00:00:00Z. Try again then.",
            fault.Message);
        Assert.Empty(clock.Waits);
    }

    [Fact]
    public async Task A_new_day_opens_the_budget_again()
    {
        var clock = new JumpingClock(Start);
        using var budget = Budget(clock, TimeSpan.Zero, new BudgetWindow(BudgetPeriod.Day, 500));
        await budget.AcquireAsync(500, Cancel);
        Assert.Equal(2, budget.Forecast(1, 1).Days);

        clock.Jump(TimeSpan.FromSeconds(80));

        Assert.Equal(1, budget.Forecast(1, 500).Days);
        await budget.AcquireAsync(500, Cancel);
        Assert.Empty(clock.Waits);
    }

    private static RequestBudget Budget(JumpingClock clock, TimeSpan spacing, params BudgetWindow[] windows) =>
        new("Test", new TransportOptions(), clock, NullLogger<RequestBudget>.Instance, new NoUsageStore()) { Spacing = spacing, Windows = windows };
}
