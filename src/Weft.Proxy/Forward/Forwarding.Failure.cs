using System.Globalization;
using Weft.Http;
using Weft.Naming;
using Weft.Net;

namespace Weft.Proxy;

/// <summary>Requests that are answered with an error, or whose response breaks off.</summary>
internal sealed partial class Forwarding
{
    private async LoopTask FailAndJoinAsync(ProxyError error)
    {
        await FailAsync(_slots, error, _route.Name);
        await _exchange.JoinAsync();
    }

    /// <summary>Ends a response that was not delivered whole.</summary>
    private async LoopTask BreakOffAsync(ProxyError? brokenOff)
    {
        if (brokenOff is { } call)
        {
            _loop.OnError(call, _slots, _listener, _route.Name.Text, Server);
        }

        var isEnded = brokenOff is { } end && await Server.SendBodyAsync(BodyChunk.End, GrpcMessages.End(end));
        if (!isEnded)
        {
            _exchange.AbortServer();
        }

        await _exchange.JoinAsync();
    }

    private ProxyError Unbound(LogicalName name) =>
        _exchange.IsOver && !_exchange.IsAbandoned
            ? new ProxyError(ErrorReason.Deadline, $"the request's time ran out before {name.Text} was resolved")
            : ((Destination.Nowhere)name.Destination).Error;

    /// <summary>What there is to say of a name of which no endpoint could be had.</summary>
    public static ProxyError NoEndpoints(ConcreteName name) =>
        name.Known switch
        {
            EndpointSet.Failed failed => new ProxyError(
                ErrorReason.NoEndpoints,
                $"{name.Label} has no known endpoint: {failed.Message}"
            ),
            EndpointSet.Pending => new ProxyError(
                ErrorReason.BindingTimeout,
                $"the endpoints of {name.Label} were not known in time"
            ),
            EndpointSet.Neg => new ProxyError(ErrorReason.NoEndpoints, $"{name.Label} does not exist any more"),
            _ when !name.Endpoints.IsEmpty => new ProxyError(
                ErrorReason.CircuitOpen,
                $"all {name.Endpoints.Length} endpoints of {name.Label} are out of service: {name.Endpoints[0].DownBecause}"
            ),
            _ => new ProxyError(ErrorReason.NoEndpoints, $"{name.Label} has no endpoint that may be used"),
        };

    private async LoopTask FailAsync(RouteSlots slots, ProxyError error, LogicalName? name = null)
    {
        var status = error.Reason.Status();
        var grpc = _exchange.IsGrpc ? GrpcStatuses.Of(error.Reason) : (GrpcStatus?)null;
        var sent = grpc is null ? status : 200;
        slots.Record(_loop.Shard, sent, grpc, failed: status >= 500, _loop.Loop.NowNanoseconds - _started);
        _loop.OnError(error, slots, _listener, name?.Text, Server);
        // A stream that the endpoint has reset stays a reset, for a caller whose protocol has streams.
        if (Server.ResponseStarted || (_exchange.ResetCode is not null && Server.CanReset))
        {
            _exchange.AbortServer();
            return;
        }

        var more = MoreFields(error);
        var (fields, body) = grpc is null
            ? ErrorBody.Of(error, Server.Request, more)
            : (GrpcMessages.Answer(error, more), default);
        if (!await Server.RespondAsync(sent, fields, body))
        {
            Server.Abort();
        }
    }

    /// <summary>What an error of the proxy says besides its reason.</summary>
    private (string Name, string Value)[] MoreFields(ProxyError error) =>
        (error.RetryAfterSeconds, _exchange.HasGivenUp) switch
        {
            (> 0 and var seconds, _) => [("retry-after", seconds.ToString(CultureInfo.InvariantCulture))],
            (_, true) => [("weft-retry", "exhausted")],
            _ => [],
        };
}
