using System.Net;

namespace Weft.Net.Epoll;

/// <summary>Socket options and addresses by descriptor.</summary>
internal static unsafe class EpollSockets
{
    public static void NoDelay(int fd) => SetInt(fd, Libc.IpProtoTcp, Libc.TcpNoDelay, 1);

    public static int SetInt(int fd, int level, int name, int value) =>
        Libc.SetSockOpt(fd, level, name, &value, sizeof(int));

    /// <summary>Makes the next close send a reset instead of an end of stream.</summary>
    public static void ResetOnClose(int fd)
    {
        var linger = new Libc.Linger { OnOff = 1, Seconds = 0 };
        _ = Libc.SetSockOpt(fd, Libc.SolSocket, Libc.SoLinger, &linger, sizeof(Libc.Linger));
    }

    public static IPEndPoint LocalEndPoint(int fd)
    {
        var address = stackalloc byte[SocketAddress.MaxLength];
        var length = SocketAddress.MaxLength;
        return Libc.GetSockName(fd, address, &length) == 0
            ? SocketAddress.Read(address)
            : new IPEndPoint(IPAddress.None, 0);
    }
}
