using System.Text;
using Weft.Http;
using Weft.Resilience;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>When the requests of a service or of a route's rule are tried again. Immutable.</summary>
internal sealed class RetryRules
{
    private readonly RetryMethods _methods;
    private readonly byte[][] _listed;

    public RetryRules(RetriesSpec spec)
    {
        _methods = spec.Methods;
        _listed = [.. spec.MethodList.Select(Encoding.ASCII.GetBytes)];
        ReplayBytes = (int)spec.ReplayBuffer;
        Policy = new RetryPolicy
        {
            On = spec.On.Aggregate(RetryConditions.None, (all, one) => all | ConditionOf(one)),
            Statuses = new StatusSet([.. spec.Statuses.Select(s => (s.From, s.To))]),
            GrpcStatuses = new StatusSet([
                .. spec.Grpc.Select(name => (int)GrpcStatuses.Named(name)).Select(code => (code, code)),
            ]),
            Limit = spec.Limit,
            Backoff = BalancerPolicies.BackoffOf(spec.Backoff),
        };
    }

    public RetryPolicy Policy { get; }

    /// <summary>Bytes of a request's body that are kept for another attempt.</summary>
    public int ReplayBytes { get; }

    /// <summary>Whether requests of this method may be tried again after they may have been served.</summary>
    public bool Allows(RequestHead request)
    {
        if (_methods != RetryMethods.Listed)
        {
            return _methods == RetryMethods.All || RequestMethods.IsIdempotent(request.Method);
        }

        foreach (var method in _listed)
        {
            if (request.MethodSpan.SequenceEqual(method))
            {
                return true;
            }
        }

        return false;
    }

    private static RetryConditions ConditionOf(RetryCondition condition) =>
        condition switch
        {
            RetryCondition.ConnectFailure => RetryConditions.ConnectFailure,
            RetryCondition.RefusedStream => RetryConditions.RefusedStream,
            RetryCondition.Reset => RetryConditions.Reset,
            RetryCondition.ServerError => RetryConditions.ServerError,
            RetryCondition.GatewayError => RetryConditions.GatewayError,
            RetryCondition.AttemptTimeout => RetryConditions.AttemptTimeout,
            _ => RetryConditions.RetriableClientError,
        };
}
