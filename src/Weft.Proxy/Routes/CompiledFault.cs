using System.Text;
using Weft.Http;
using Weft.Resilience;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>A delay, an abort or both, each with its own chance. Immutable.</summary>
internal sealed class CompiledFault
{
    private readonly FaultInjectionDocument _document;
    private readonly Percentage _delayed;
    private readonly Percentage _aborted;
    private readonly LocalResponse _plain;
    private readonly LocalResponse _grpc;

    public CompiledFault(FaultInjectionDocument document)
    {
        _document = document;
        _delayed = new Percentage(document.Delay?.Share ?? 0);
        _aborted = new Percentage(document.Abort?.Share ?? 0);
        if (document.Abort is not { } abort)
        {
            return;
        }

        var grpc = abort.Grpc is { } name ? GrpcStatuses.Named(name) : GrpcStatuses.OfHttp(abort.Status!.Value);
        var status = abort.Status ?? grpc.HttpEquivalent();
        var message = $"fault injected by {document}";
        _plain = new LocalResponse(
            status,
            new FieldBlock(("content-type", "text/plain; charset=utf-8")),
            status is 204 or 205 or 304 ? default : Encoding.UTF8.GetBytes(message + "\n")
        );
        _grpc = new LocalResponse(
            200,
            new FieldBlock(
                ("content-type", "application/grpc"),
                ("grpc-status", $"{(int)grpc}"),
                ("grpc-message", message)
            ),
            default
        );
    }

    /// <summary>The document's name.</summary>
    public string Name => _document.Name;

    /// <summary>How long this request waits, in milliseconds; 0 when it is not one of those that wait.</summary>
    public long DrawDelay(LoopRandom random)
    {
        if (_document.Delay is not { } delay || !_delayed.Hits(random))
        {
            return 0;
        }

        var jitter = delay.Jitter > TimeSpan.Zero ? delay.Jitter.TotalMilliseconds * random.NextDouble() : 0;
        return (long)Math.Ceiling(delay.Fixed.TotalMilliseconds + jitter);
    }

    /// <summary>Whether this request is answered with <see cref="Answer"/>, after its delay if it has one.</summary>
    public bool DrawAbort(LoopRandom random) => _aborted.Hits(random);

    /// <summary>The answer in place of the service's: a status, or what corresponds to it in gRPC.</summary>
    public LocalResponse Answer(RequestHead head) => GrpcMessages.IsCall(head) ? _grpc : _plain;
}
