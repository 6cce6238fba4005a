using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Weft.Net.Epoll;

/// <summary>
/// The system calls of the Linux transport. Calls that never block skip the GC transition, which costs more than some of them
/// do; the one that waits (<see cref="EpollWait"/>) must not.
/// </summary>
internal static unsafe partial class Libc
{
    public const int AfInet = 2;
    public const int AfInet6 = 10;
    public const int SockStream = 1;
    public const int SockNonBlock = 0x800;
    public const int SockCloseOnExec = 0x80000;
    public const int SolSocket = 1;
    public const int SoReuseAddr = 2;
    public const int SoError = 4;
    public const int SoReusePort = 15;
    public const int SoLinger = 13;
    public const int IpProtoTcp = 6;
    public const int IpProtoIpv6 = 41;
    public const int Ipv6Only = 26;
    public const int TcpNoDelay = 1;
    public const int ShutWrite = 1;
    public const int MsgPeek = 0x2;
    public const int MsgNoSignal = 0x4000;

    public const uint EpollIn = 0x001;
    public const uint EpollOut = 0x004;
    public const uint EpollErr = 0x008;
    public const uint EpollHup = 0x010;
    public const uint EpollRdHup = 0x2000;
    public const uint EpollEdge = 1u << 31;
    public const int EpollAdd = 1;
    public const int EpollModify = 3;
    public const int EpollCloseOnExec = 0x80000;

    public const int Eintr = 4;
    public const int Eagain = 11;
    public const int Enfile = 23;
    public const int Epipe = 32;
    public const int Emfile = 24;
    public const int Enobufs = 105;
    public const int Enomem = 12;
    public const int Econnaborted = 103;
    public const int Einprogress = 115;

    private const string Library = "libc";

    // In a program with threads the C library's own recv and send cost nearly 1 % of a proxied request more: each is a point at which a thread may be
    // cancelled, which takes atomic operations before and after. Nobody cancels a loop. The numbers are those of recvfrom and sendto, to which the
    // library comes down as well; 0 where they are not known.
    private static readonly nint s_receive = NumberOn(x64: 45, arm64: 207);
    private static readonly nint s_send = NumberOn(x64: 44, arm64: 206);

    /// <summary>The error of the last call on this thread; read it before anything else is called.</summary>
    public static int Errno => Marshal.GetLastSystemError();

    public static string Describe(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    [DllImport(Library, EntryPoint = "socket")]
    public static extern int Socket(int family, int type, int protocol);

    [DllImport(Library, EntryPoint = "bind")]
    public static extern int Bind(int fd, byte* address, int length);

    [DllImport(Library, EntryPoint = "listen")]
    public static extern int Listen(int fd, int backlog);

    [DllImport(Library, EntryPoint = "getsockname")]
    public static extern int GetSockName(int fd, byte* address, int* length);

    [DllImport(Library, EntryPoint = "setsockopt")]
    [SuppressGCTransition]
    public static extern int SetSockOpt(int fd, int level, int name, void* value, int length);

    [DllImport(Library, EntryPoint = "getsockopt")]
    [SuppressGCTransition]
    public static extern int GetSockOpt(int fd, int level, int name, void* value, int* length);

    [DllImport(Library, EntryPoint = "accept4")]
    [SuppressGCTransition]
    public static extern int Accept4(int fd, byte* address, int* length, int flags);

    [DllImport(Library, EntryPoint = "connect")]
    [SuppressGCTransition]
    public static extern int Connect(int fd, byte* address, int length);

    /// <summary>recv(2).</summary>
    public static nint Receive(int fd, byte* buffer, nint length, int flags) =>
        s_receive != 0
            ? SystemCall(s_receive, fd, buffer, length, flags, null, 0)
            : ReceiveByName(fd, buffer, length, flags);

    /// <summary>send(2).</summary>
    public static nint Send(int fd, byte* buffer, nint length, int flags) =>
        s_send != 0 ? SystemCall(s_send, fd, buffer, length, flags, null, 0) : SendByName(fd, buffer, length, flags);

    [DllImport(Library, EntryPoint = "sendmsg")]
    [SuppressGCTransition]
    public static extern nint SendMessage(int fd, MessageHeader* message, int flags);

    [DllImport(Library, EntryPoint = "shutdown")]
    [SuppressGCTransition]
    public static extern int Shutdown(int fd, int how);

    [DllImport(Library, EntryPoint = "close")]
    public static extern int Close(int fd);

    [DllImport(Library, EntryPoint = "epoll_create1")]
    public static extern int EpollCreate(int flags);

    [DllImport(Library, EntryPoint = "epoll_ctl")]
    [SuppressGCTransition]
    public static extern int EpollControl(int epoll, int operation, int fd, byte* eventData);

    [DllImport(Library, EntryPoint = "epoll_wait")]
    public static extern int EpollWait(int epoll, byte* events, int maxEvents, int timeoutMilliseconds);

    [DllImport(Library, EntryPoint = "eventfd")]
    public static extern int EventFd(uint initial, int flags);

    [DllImport(Library, EntryPoint = "read")]
    [SuppressGCTransition]
    public static extern nint Read(int fd, void* buffer, nint length);

    [DllImport(Library, EntryPoint = "write")]
    [SuppressGCTransition]
    public static extern nint Write(int fd, void* buffer, nint length);

    /// <summary>syscall(2), of the shape of recvfrom(2) and sendto(2).</summary>
    [DllImport(Library, EntryPoint = "syscall")]
    [SuppressGCTransition]
    private static extern nint SystemCall(
        nint number,
        nint fd,
        byte* buffer,
        nint length,
        nint flags,
        byte* address,
        nint addressLength
    );

    [DllImport(Library, EntryPoint = "recv")]
    [SuppressGCTransition]
    private static extern nint ReceiveByName(int fd, byte* buffer, nint length, int flags);

    [DllImport(Library, EntryPoint = "send")]
    [SuppressGCTransition]
    private static extern nint SendByName(int fd, byte* buffer, nint length, int flags);

    private static nint NumberOn(nint x64, nint arm64) =>
        RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => x64,
            Architecture.Arm64 => arm64,
            _ => 0,
        };

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public byte* Base;
        public nint Length;
    }

    /// <summary>struct msghdr of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public byte* Name;
        public int NameLength;
        public IoVector* Vectors;
        public nint VectorCount;
        public void* Control;
        public nint ControlLength;
        public int Flags;
    }

    /// <summary>struct linger.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Linger
    {
        public int OnOff;
        public int Seconds;
    }
}
