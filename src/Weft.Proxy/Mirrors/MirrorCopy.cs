using Weft.Http;
using Weft.Net;
using Weft.Resilience;

namespace Weft.Proxy;

/// <summary>
/// A copy of a request on its way to a mirror, in memory of its own because the original's is soon another request's. Used for one copy after the
/// other. Its timer is its time: that of the original's rule, and never more than <see cref="MostMilliseconds"/>.
/// </summary>
internal sealed class MirrorCopy : LoopTimer
{
    private const long MostMilliseconds = 15_000;

    private readonly RuleMirrors _owner;
    private readonly LoopState _loop;
    private readonly RequestHead _head = new();
    private readonly HopFields _fields;
    private readonly Action _onEnded;
    private LoopAwaiter<MirrorOutcome> _run;
    private Mirroring _bound = null!;
    private ClientExchange? _client;
    private byte[] _memory = [];
    private BodyChunk _body;
    private bool _isGrpc;
    private long _started;
    private long _until;

    public MirrorCopy(RuleMirrors owner, LoopState loop)
    {
        _owner = owner;
        _loop = loop;
        _fields = new HopFields(loop.Direction);
        _onEnded = OnEnded;
    }

    /// <summary>Copies a request and sends it.</summary>
    /// <param name="bound">What counts it until it has ended.</param>
    /// <param name="route">Where it goes.</param>
    /// <param name="call">At which endpoint.</param>
    /// <param name="exchange">The original.</param>
    /// <param name="body">Its body.</param>
    public void Start(Mirroring bound, Route route, Call call, Exchange exchange, ReadOnlySpan<byte> body)
    {
        var request = exchange.Server.Request;
        var extent = request.Extent;
        _bound = bound;
        _client = null;
        _memory = _loop.Loop.Buffers.Rent(extent + body.Length);
        _head.CopyFrom(request, _memory);
        body.CopyTo(_memory.AsSpan(extent));
        _body = new BodyChunk(_memory.AsMemory(extent, body.Length), BodyState.Last);
        _isGrpc = exchange.IsGrpc;
        _fields.Forwarded = exchange.Forwarded;
        _started = _loop.Loop.NowNanoseconds;
        var time = Math.Min(
            MostMilliseconds,
            (long)(route.Policy.Timeouts.Request?.TotalMilliseconds ?? MostMilliseconds)
        );
        _until = _loop.Loop.NowMilliseconds + time;
        _loop.Loop.SetTimer(this, time);
        _fields.Build(_head, _isGrpc, route, call.Name, attempt: 0, time);
        _run = RunAsync(call, exchange.Server.Connection).GetAwaiter();
        if (_run.IsCompleted)
        {
            OnEnded();
        }
        else
        {
            _run.UnsafeOnCompleted(_onEnded);
        }
    }

    protected override void OnDue() => _client?.Abort();

    private void OnEnded()
    {
        var outcome = MirrorOutcome.Failure;
        try
        {
            outcome = _run.GetResult();
        }
        catch (Exception e)
        {
            _loop.OnDefect(e, "a mirror");
        }

        _run = default;
        TimerWheel.Clear(this);
        _head.Rebase([], 0);
        _loop.Loop.Buffers.Return(_memory);
        _memory = [];
        _owner.OnEnded(this, _bound, outcome);
    }

    private async LoopTask<MirrorOutcome> RunAsync(Call call, Connection original)
    {
        var endpoint = call.Endpoint;
        var protocol = endpoint.ProtocolFor(_head);
        var client = endpoint.TryTake(protocol);
        if (client is null)
        {
            var acquired = await endpoint.AcquireAsync(protocol, isFresh: false, mayWait: false, original, _until);
            client = acquired.Exchange;
        }

        if (client is null)
        {
            return Finish(call, isAnswered: false, isFailure: true);
        }

        _client = client;
        if (_loop.Loop.NowMilliseconds >= _until)
        {
            client.Abort();
        }

        _ = await client.SendHeadAsync(_head, _fields.Added, _body, trailers: null);
        ResponseOutcome outcome;
        do
        {
            outcome = await client.ReadHeadAsync(_head.Method);
        } while (outcome == ResponseOutcome.Head && client.Response.IsInterim);

        var isAnswered = outcome == ResponseOutcome.Head;
        var isFailure = !isAnswered || ListenerLoop.IsFailure(call.Name.Spec, StatusOf(client.Response));
        var isWhole = isAnswered && await ReadAwayAsync(client);
        _client = null;
        _loop.Connections.CountUpstream(client);
        endpoint.Return(client, isWhole && client.EndExchange());
        return Finish(call, isAnswered, isFailure || !isWhole);
    }

    private MirrorOutcome Finish(Call call, bool isAnswered, bool isFailure)
    {
        var now = _loop.Loop.NowNanoseconds;
        var isInTime = isAnswered || _loop.Loop.NowMilliseconds < _until;
        call.Finish(
            now,
            now - _started,
            !isFailure ? CallOutcome.Success
                : isInTime ? CallOutcome.Failure
                : CallOutcome.Ignored
        );
        return isFailure ? MirrorOutcome.Failure : MirrorOutcome.Success;
    }

    private int StatusOf(ResponseHead response) =>
        _isGrpc && response.Status == 200
            ? GrpcMessages.StatusOf(response)?.HttpEquivalent() ?? response.Status
            : response.Status;

    private static async LoopTask<bool> ReadAwayAsync(ClientExchange client)
    {
        if (client.Response.SwitchesProtocol)
        {
            return false;
        }

        var chunk = client.ResponseBody.Take();
        while (chunk.State == BodyState.More)
        {
            chunk = await client.ResponseBody.ReadAsync();
        }

        return chunk.IsLast;
    }
}
