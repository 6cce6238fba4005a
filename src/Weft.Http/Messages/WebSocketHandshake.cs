using System.Buffers.Text;
using System.Security.Cryptography;

namespace Weft.Http;

/// <summary>
/// The proof in HTTP/1.1's opening handshake that the server has understood it (RFC 6455 section 4). It is between neighbours: each HTTP/1.1 connection has its
/// own, HTTP/2 has none (RFC 8441 section 5).
/// </summary>
internal static class WebSocketHandshake
{
    /// <summary>The length of a key: 16 bytes in Base64.</summary>
    public const int KeyBytes = 24;

    /// <summary>The length of its answer: 20 bytes in Base64.</summary>
    public const int AcceptBytes = 28;

    public static ReadOnlySpan<byte> KeyName => "sec-websocket-key"u8;

    public static ReadOnlySpan<byte> AcceptName => "sec-websocket-accept"u8;

    public static bool IsKey(ReadOnlySpan<byte> key) =>
        key.Length == KeyBytes && Base64.IsValid(key, out var length) && length == 16;

    /// <summary>A new key: nobody who made us send it could have foreseen it.</summary>
    public static void WriteKey(Span<byte> key)
    {
        Span<byte> nonce = stackalloc byte[16];
        RandomNumberGenerator.Fill(nonce);
        _ = Base64.EncodeToUtf8(nonce, key, out _, out _);
    }

    /// <summary>Writes what a server answers to a key, <see cref="AcceptBytes"/> bytes.</summary>
    public static void WriteAccept(ReadOnlySpan<byte> key, Span<byte> accept)
    {
        Span<byte> text = stackalloc byte[KeyBytes + 36];
        key.CopyTo(text);
        "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8.CopyTo(text[KeyBytes..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The protocol asks for SHA-1, as a checksum and not for secrecy.
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        _ = Base64.EncodeToUtf8(hash, accept, out _, out _);
    }

    /// <summary>Takes every field of this name out of a message.</summary>
    public static void Drop(FieldSection section, ReadOnlySpan<byte> name)
    {
        for (var i = section.Find(name); i >= 0; i = section.Find(name, i + 1))
        {
            section.Drop(i);
        }
    }
}
