using System.Net;
using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>What is known of a client from its earlier requests: an exchange's tag, and so there for one request after the other.</summary>
internal sealed class ServedClient
{
    private ListenerConfig? _config;
    private bool _trusted;
    private FieldBlock? _forwarded;
    private byte[] _authority = [];

    /// <summary>What serves its present request; null between two.</summary>
    public Forwarding? Forwarding { get; set; }

    /// <summary>Whether its context is believed; the listener's settings may have changed since the last request.</summary>
    public bool IsTrusted(ListenerConfig config, IPAddress address)
    {
        if (!ReferenceEquals(_config, config))
        {
            _config = config;
            _trusted = ContextFields.IsTrusted(config, address);
        }

        return _trusted;
    }

    /// <summary>Connections carry many requests to one host: what is said of the client is the same for all of them.</summary>
    public FieldBlock ForwardedFields(RequestHead request, IPAddress address)
    {
        if (_forwarded is null || !request.Authority.SequenceEqual(_authority))
        {
            _authority = request.Authority.ToArray();
            _forwarded = ContextFields.ForwardedOf(address, request.Authority);
        }

        return _forwarded;
    }
}
