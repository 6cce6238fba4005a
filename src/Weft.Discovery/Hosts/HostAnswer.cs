using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>What is known of a host's addresses. Immutable.</summary>
public abstract record HostAnswer
{
    private HostAnswer() { }

    /// <summary>The first answer is still awaited.</summary>
    public sealed record Pending : HostAnswer
    {
        public static readonly Pending Instance = new();
    }

    /// <summary>No answer came, and nothing was known before.</summary>
    public sealed record Failed(string Message) : HostAnswer;

    /// <summary>The name service says that there is no such host.</summary>
    public sealed record Neg : HostAnswer
    {
        public static readonly Neg Instance = new();
    }

    /// <summary>The addresses, sorted and without repetition; never none.</summary>
    public sealed record Known : HostAnswer
    {
        /// <summary>A host is asked for on few ports; what goes beyond is made anew each time.</summary>
        private const int MaxPorts = 64;

        private readonly ConcurrentDictionary<int, EndpointSet.Known> _byPort = new();

        internal Known(ImmutableArray<IPAddress> addresses) => Addresses = addresses;

        public ImmutableArray<IPAddress> Addresses { get; }

        /// <summary>The endpoints on one port: the same object each time, so that a caller sees when they change.</summary>
        public EndpointSet.Known On(int port)
        {
            if (_byPort.TryGetValue(port, out var known))
            {
                return known;
            }
            known = new EndpointSet.Known([.. Addresses.Select(a => new Endpoint(new IPEndPoint(a, port)))]);
            return _byPort.Count < MaxPorts ? _byPort.GetOrAdd(port, known) : known;
        }

        public bool Equals(Known? other) =>
            other is not null && Addresses.AsSpan().SequenceEqual(other.Addresses.AsSpan());

        public override int GetHashCode() => Addresses.Length;
    }
}
