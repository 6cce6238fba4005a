using System.Net.Sockets;

namespace Weft.Bench.Harness.Load;

/// <summary>Answers <see cref="ByteExchange"/>s.</summary>
internal sealed class BytePeer(Socket socket) : PolledPeer(socket)
{
    // One thread serves all.
    private static readonly byte[] Buffer = new byte[256 << 10];

    private readonly byte[] _header = new byte[ByteExchange.HeaderSize];
    private long _received;
    private long _toSend;

    public override bool IsSending => _toSend > 0;

    public override bool Serve()
    {
        while (_toSend == 0)
        {
            var read = Socket.Receive(Buffer, SocketFlags.None, out var error);
            if (error is SocketError.WouldBlock)
                return true;
            if (error is not SocketError.Success || read == 0)
                return false;
            Take(Buffer.AsSpan(0, read));
        }
        while (_toSend > 0)
        {
            var part = Buffer.AsSpan(0, (int)Math.Min(Buffer.Length, _toSend));
            var sent = Socket.Send(part, SocketFlags.None, out var error);
            if (error is SocketError.WouldBlock)
                return true;
            if (error is not SocketError.Success)
                return false;
            _toSend -= sent;
        }
        return true;
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (_received < ByteExchange.HeaderSize)
        {
            var missing = ByteExchange.HeaderSize - (int)_received;
            bytes[..Math.Min(missing, bytes.Length)].CopyTo(_header.AsSpan((int)_received));
        }
        _received += bytes.Length;
        if (_received < ByteExchange.HeaderSize)
            return;
        var exchange = ByteExchange.Read(_header);
        if (_received == exchange.Up)
            (_received, _toSend) = (0, exchange.Down);
    }
}
