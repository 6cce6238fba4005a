using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Net.Epoll;

/// <summary>
/// The array that <c>epoll_wait</c> fills. <c>struct epoll_event</c> is packed to 12 bytes on x86-64 and is 16 bytes with padding elsewhere, so it
/// is read by offset.
/// </summary>
internal sealed unsafe class EpollEvents
{
    public const int Capacity = 512;

    private static readonly bool s_packed = RuntimeInformation.ProcessArchitecture is Architecture.X64;
    private static readonly int s_size = s_packed ? 12 : 16;
    private static readonly int s_dataOffset = s_packed ? 4 : 8;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(Capacity * 16, pinned: true);

    public byte* Pointer => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));

    public uint Flags(int index) => Unsafe.ReadUnaligned<uint>(Pointer + (index * s_size));

    public ulong Data(int index) => Unsafe.ReadUnaligned<ulong>(Pointer + (index * s_size) + s_dataOffset);

    /// <summary>Writes one event for <c>epoll_ctl</c>; <paramref name="destination"/> has room for 16 bytes.</summary>
    public static void Write(byte* destination, uint flags, ulong data)
    {
        Unsafe.WriteUnaligned(destination, flags);
        Unsafe.WriteUnaligned(destination + s_dataOffset, data);
    }
}
