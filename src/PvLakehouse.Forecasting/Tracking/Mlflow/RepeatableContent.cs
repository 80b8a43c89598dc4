using System.Net;

namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <summary>A body that is sent from the same place each time, and whose stream stays the caller's.</summary>
internal sealed class RepeatableContent(Stream stream) : HttpContent
{
    private readonly long _start = stream.Position;

    protected override async Task SerializeToStreamAsync(Stream target, TransportContext? context, CancellationToken cancellationToken)
    {
        stream.Position = _start;
        await stream.CopyToAsync(target, cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream target, TransportContext? context) =>
        SerializeToStreamAsync(target, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = stream.Length - _start;
        return true;
    }
}
