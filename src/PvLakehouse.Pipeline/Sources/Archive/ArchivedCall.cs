namespace PvLakehouse.Pipeline.Sources.Archive;

/// <summary>A call whose body is archived.</summary>
/// <param name="Address">The address asked, without any key.</param>
/// <param name="ReceivedAt">When the body was complete.</param>
/// <param name="To">End of what was asked for; null when it has none.</param>
/// <param name="ReadAsync">Reads the body.</param>
public sealed record ArchivedCall(
    Uri Address, DateTimeOffset ReceivedAt, DateTimeOffset? To, Func<CancellationToken, Task<PayloadRecord>> ReadAsync);
