using System.Net;
using System.Net.Http.Headers;
using Weft.Api.Grpc;

namespace Weft.Api.Client;

/// <summary>A request's body that goes on while the answer is read.</summary>
internal sealed class DuplexContent : HttpContent
{
    private readonly Func<Stream, CancellationToken, Task> _write;

    public DuplexContent(Func<Stream, CancellationToken, Task> write)
    {
        _write = write;
        Headers.ContentType = new MediaTypeHeaderValue(GrpcMessages.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    ) => _write(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
