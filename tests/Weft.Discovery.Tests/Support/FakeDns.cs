using System.Net;
using System.Net.Sockets;

namespace Weft.Discovery.Tests;

/// <summary>A name service that a test fills, and that answers at once.</summary>
internal sealed class FakeDns
{
    private readonly Dictionary<string, Func<IPAddress[]>> _answers = [];

    /// <summary>Every host that was asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    public void Set(string host, params string[] addresses) =>
        _answers[host] = () => [.. addresses.Select(a => IPAddress.Parse(a))];

    public void Fail(string host) => _answers[host] = () => throw new SocketException((int)SocketError.TryAgain);

    public void Deny(string host) => _answers.Remove(host);

    public Task<IPAddress[]> Ask(string host, CancellationToken cancellation)
    {
        Asked.Add(host);
        return _answers.TryGetValue(host, out var answer)
            ? Task.FromResult(answer())
            : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
    }
}
