using System.Net;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>Which keys a listener may have, and which it needs, by its kind and protocol.</summary>
internal static class ListenerKeys
{
    public static void Check(MapReader map, ListenerKind? kind, ListenerProtocol protocol, IPEndPoint? to)
    {
        if (kind == ListenerKind.Outbound)
        {
            CheckOutbound(map, protocol);
        }
        else if (kind == ListenerKind.Inbound)
        {
            CheckInbound(map, to);
        }
    }

    private static void CheckOutbound(MapReader map, ListenerProtocol protocol)
    {
        Refuse(map, "to", "is for inbound listeners", "remove it, or write 'kind: inbound'");
        var isTcp = protocol == ListenerProtocol.Tcp;
        if (isTcp)
        {
            Refuse(map, "identifier", "is for HTTP, and this listener has 'protocol: tcp'", "remove it");
            if (!map.Has("service"))
            {
                map.Problems.Add(
                    map.Position,
                    "an outbound listener with 'protocol: tcp' needs 'service'",
                    "write the name that its connections go to"
                );
            }
        }
        else if (protocol != ListenerProtocol.Auto)
        {
            Refuse(
                map,
                "service",
                "on an outbound listener is for connections that carry no name",
                "remove it, or write 'protocol: tcp' or 'protocol: auto'"
            );
        }
    }

    private static void CheckInbound(MapReader map, IPEndPoint? to)
    {
        foreach (var key in (string[])["identifier", "dtab"])
        {
            Refuse(map, key, "is for outbound listeners", "remove it, or write 'kind: outbound'");
        }
        if (!map.Has("service"))
        {
            map.Problems.Add(map.Position, "an inbound listener needs 'service'", "write the name that it serves");
        }
        if (!map.Has("to"))
        {
            map.Problems.Add(
                map.Position,
                "an inbound listener needs 'to'",
                "write the address of the local application, such as 127.0.0.1:8080"
            );
        }
        if (to?.Port == 0)
        {
            map.Problems.Add(map.Place("to"), "'to' has port 0, which nobody can connect to");
        }
    }

    private static void Refuse(MapReader map, string key, string why, string remedy)
    {
        if (map.Has(key))
        {
            map.Problems.Add(map.Place(key), $"'{key}' {why}", remedy);
        }
    }
}
