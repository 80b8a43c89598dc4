namespace PvLakehouse.Pipeline.Sources.Http;

/// <summary>Lets each attempt wait for its budget; it stands inside the retries, so a retry is charged too.</summary>
internal sealed class ThrottleHandler(RequestBudget budget, TimeProvider time) : DelegatingHandler
{
    /// <summary>The cost of a request.</summary>
    public static readonly HttpRequestOptionsKey<double> Cost = new("pvlake.cost");

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await budget.AcquireAsync(request.Options.TryGetValue(Cost, out var cost) ? cost : 1, cancellationToken);
        var started = time.GetTimestamp();
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            budget.Learn(time.GetElapsedTime(started));
        }

        return response;
    }
}
