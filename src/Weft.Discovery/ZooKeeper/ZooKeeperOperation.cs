namespace Weft.Discovery;

/// <summary>Operations that are asked for.</summary>
internal static class ZooKeeperOperation
{
    public const int Exists = 3;
    public const int GetData = 4;
    public const int Ping = 11;
    public const int GetChildren = 8;
}

/// <summary>Transaction numbers that stand for something else.</summary>
internal static class ZooKeeperXid
{
    public const int Notification = -1;
    public const int Ping = -2;
}

/// <summary>Codes of errors that are told apart.</summary>
internal static class ZooKeeperError
{
    public const int None = 0;
    public const int NoNode = -101;
    public const int NoAuth = -102;
}

/// <summary>The session was lost, and with it its watches.</summary>
internal sealed class SessionExpiredException() : Exception("the session has expired");
