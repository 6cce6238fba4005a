using Weft.Http;
using Weft.Resilience;

namespace Weft.Proxy;

/// <summary>A request's place among those that a service lets in at once; given back when it has ended.</summary>
internal readonly struct Admission
{
    private readonly ConcurrencyLimit? _requests;
    private readonly AdaptiveLimit? _concurrency;
    private readonly long _started;

    private Admission(ConcurrencyLimit? requests, AdaptiveLimit? concurrency, long started)
    {
        _requests = requests;
        _concurrency = concurrency;
        _started = started;
    }

    /// <summary>Lets a request in; false, with the reason, when it has come too soon or is one too many.</summary>
    /// <param name="service">The policy.</param>
    /// <param name="server">The request.</param>
    /// <param name="now">The loop's clock in nanoseconds.</param>
    /// <param name="admission">Its place.</param>
    /// <param name="error">What its caller is told.</param>
    public static bool TryEnter(
        ServicePolicy service,
        ServerExchange server,
        long now,
        out Admission admission,
        out ProxyError error
    )
    {
        admission = default;
        error = default;
        if (service.Spec.RateLimit is { } rate && Wait(service, server, now) is > 0 and var wait)
        {
            error = new ProxyError(
                ErrorReason.RateLimited,
                $"more than {rate.Requests} requests in {rate.Per.TotalSeconds:0.###} s for this {rate.Key}",
                RateLimit.RetryAfterSeconds(wait)
            );
            return false;
        }

        var requests = service.Shared.Requests;
        if (requests is not null && !requests.TryEnter())
        {
            error = new ProxyError(ErrorReason.Overloaded, $"{requests.Max} requests to this service are in flight");
            return false;
        }

        if (service.Concurrency is { } concurrency && !concurrency.TryEnter())
        {
            requests?.Exit();
            error = new ProxyError(
                ErrorReason.Overloaded,
                $"{concurrency.Limit} requests are in flight, which is as many as this service answers in good time"
            );
            return false;
        }

        admission = new Admission(requests, service.Concurrency, now);
        return true;
    }

    /// <summary>The request was answered by an endpoint.</summary>
    public void Exit(long now, int status, bool isDelivered) =>
        Exit(
            now,
            !isDelivered ? CallOutcome.Ignored
                : IsLackOfCapacity(status) ? CallOutcome.Failure
                : CallOutcome.Success
        );

    /// <summary>The request was answered by the proxy.</summary>
    public void Exit(long now, ErrorReason reason) =>
        Exit(
            now,
            reason is ErrorReason.AttemptTimeout or ErrorReason.Deadline or ErrorReason.Overloaded
                ? CallOutcome.Failure
                : CallOutcome.Ignored
        );

    private void Exit(long now, CallOutcome outcome)
    {
        _requests?.Exit();
        _concurrency?.Exit(now, now - _started, outcome);
    }

    private static bool IsLackOfCapacity(int status) => status is 429 or 503 or 504;

    private static long Wait(ServicePolicy service, ServerExchange server, long now)
    {
        if (service.Shared.Rate is { } rate)
        {
            return rate.Take(now);
        }

        // Who has not got what tells requests apart shares one rate with all others of the kind.
        Span<byte> scratch = stackalloc byte[RequestKey.AddressBytes];
        _ = service.RateKey!.TryRead(
            server.Request,
            server.Connection.RemoteEndPoint.Address,
            default,
            scratch,
            out var key
        );
        return service.Shared.KeyedRate!.Take(key, now);
    }
}
