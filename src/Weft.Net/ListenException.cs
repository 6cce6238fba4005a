using System.Net;

namespace Weft.Net;

/// <summary>An address cannot be listened on. The message names the address, the system's reason and what to do.</summary>
public sealed class ListenException(IPEndPoint endPoint, string reason, string remedy)
    : Exception($"cannot listen on {endPoint}: {reason}; {remedy}")
{
    public IPEndPoint EndPoint { get; } = endPoint;
}
