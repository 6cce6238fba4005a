using System.Buffers.Binary;
using System.Net.Sockets;

namespace Weft.Bench.Harness.Load;

/// <summary>What a side of an HTTP/2 connection does with what comes.</summary>
internal interface IHttp2Side
{
    void OnHeaders(int stream, bool isEnd);

    void OnData(int stream, ReadOnlySpan<byte> bytes, bool isEnd);
}

/// <summary>
/// As much of HTTP/2 as measuring needs: frames, both windows, SETTINGS and PING. The other side gets all the credit there is; header blocks are
/// written without compression and never read. Throws <see cref="InvalidDataException"/> when the connection cannot go on.
/// </summary>
internal sealed class Http2Frames(Socket socket, IHttp2Side side)
{
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private const int HeaderSize = 9;
    private const int DefaultWindow = 65_535;
    private const int LargestWindow = int.MaxValue;
    private const int InitialWindowSize = 4;
    private const int Refill = 1 << 30;
    private const byte Ack = 1;
    private const byte Padded = 8;

    private readonly byte[] _in = new byte[256 << 10];
    private readonly byte[] _out = new byte[256 << 10];
    private readonly Dictionary<int, long> _streamCredit = [];
    private int _filled;
    private int _unsent;
    private long _credit = DefaultWindow;
    private long _initialCredit = DefaultWindow;
    private long _taken;

    private enum Type : byte
    {
        Data = 0,
        Headers = 1,
        Reset = 3,
        Settings = 4,
        Ping = 6,
        GoAway = 7,
        WindowUpdate = 8,
    }

    /// <summary>Whether the socket did not take everything yet.</summary>
    public bool IsSending => _unsent > 0;

    /// <summary>SETTINGS and all the credit there is, as a connection begins.</summary>
    public void Begin()
    {
        Span<byte> setting = stackalloc byte[6];
        BinaryPrimitives.WriteInt16BigEndian(setting, InitialWindowSize);
        BinaryPrimitives.WriteInt32BigEndian(setting[2..], LargestWindow);
        Write(Type.Settings, 0, 0, setting);
        Grant(LargestWindow - DefaultWindow);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _out.Length - _unsent)
            throw new InvalidDataException("the other side does not read");
        bytes.CopyTo(_out.AsSpan(_unsent));
        _unsent += bytes.Length;
    }

    public void Headers(int stream, byte flags, ReadOnlySpan<byte> block)
    {
        _streamCredit.TryAdd(stream, _initialCredit);
        Write(Type.Headers, flags, stream, block);
    }

    public void Data(int stream, byte flags, ReadOnlySpan<byte> bytes)
    {
        _credit -= bytes.Length;
        _streamCredit[stream] -= bytes.Length;
        if (_credit < 0 || _streamCredit[stream] < 0)
            throw new InvalidDataException("no credit left for a small message");
        Write(Type.Data, flags, stream, bytes);
    }

    public void Forget(int stream) => _streamCredit.Remove(stream);

    /// <summary>Reads and handles what has come, then sends what is to be sent; false at the end of the connection.</summary>
    /// <param name="skip">Bytes that come before the first frame.</param>
    public bool Go(ref int skip)
    {
        int read;
        do
        {
            read = socket.Receive(_in.AsSpan(_filled), SocketFlags.None, out var error);
            if (error is SocketError.WouldBlock)
                break;
            if (error is not SocketError.Success || read == 0)
                return false;
            _filled += read;
            Handle(ref skip);
        } while (_filled == 0 && read == _in.Length);
        return Flush();
    }

    public bool Flush()
    {
        if (_unsent == 0)
            return true;
        var sent = socket.Send(_out.AsSpan(0, _unsent), SocketFlags.None, out var error);
        if (error is SocketError.WouldBlock)
            return true;
        _out.AsSpan(sent, _unsent - sent).CopyTo(_out);
        _unsent -= sent;
        return error is SocketError.Success;
    }

    private void Handle(ref int skip)
    {
        var at = Math.Min(skip, _filled);
        skip -= at;
        while (_filled - at >= HeaderSize)
        {
            var header = _in.AsSpan(at, HeaderSize);
            var length = (header[0] << 16) | (header[1] << 8) | header[2];
            if (_filled - at < HeaderSize + length)
                break;
            var stream = BinaryPrimitives.ReadInt32BigEndian(header[5..]) & int.MaxValue;
            Handle((Type)header[3], header[4], stream, _in.AsSpan(at + HeaderSize, length));
            at += HeaderSize + length;
        }
        _in.AsSpan(at, _filled - at).CopyTo(_in);
        _filled -= at;
    }

    private void Handle(Type type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case Type.Data when (flags & Padded) != 0:
                throw new InvalidDataException("a padded DATA frame");
            case Type.Data:
                _taken += payload.Length;
                if (_taken >= Refill)
                {
                    Grant((int)_taken);
                    _taken = 0;
                }
                side.OnData(stream, payload, (flags & EndStream) != 0);
                break;
            case Type.Headers:
                side.OnHeaders(stream, (flags & EndStream) != 0);
                break;
            case Type.Settings when (flags & Ack) == 0:
                TakeSettings(payload);
                Write(Type.Settings, Ack, 0, []);
                break;
            case Type.Ping when (flags & Ack) == 0:
                Write(Type.Ping, Ack, 0, payload);
                break;
            case Type.WindowUpdate when stream == 0:
                _credit += BinaryPrimitives.ReadInt32BigEndian(payload);
                break;
            case Type.WindowUpdate when _streamCredit.ContainsKey(stream):
                _streamCredit[stream] += BinaryPrimitives.ReadInt32BigEndian(payload);
                break;
            case Type.Reset:
                throw new InvalidDataException($"a stream was reset: {BinaryPrimitives.ReadInt32BigEndian(payload)}");
            case Type.GoAway when BinaryPrimitives.ReadInt32BigEndian(payload[4..]) is not 0 and var code:
                throw new InvalidDataException($"the connection was ended: {code}");
            default:
                // Acknowledgements, CONTINUATION and what concerns streams that are over.
                break;
        }
    }

    private void TakeSettings(ReadOnlySpan<byte> payload)
    {
        for (; payload.Length >= 6; payload = payload[6..])
        {
            if (BinaryPrimitives.ReadInt16BigEndian(payload) != InitialWindowSize)
                continue;
            var credit = BinaryPrimitives.ReadInt32BigEndian(payload[2..]);
            foreach (var stream in _streamCredit.Keys)
                _streamCredit[stream] += credit - _initialCredit;
            _initialCredit = credit;
        }
    }

    private void Grant(int credit)
    {
        Span<byte> increment = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(increment, credit);
        Write(Type.WindowUpdate, 0, 0, increment);
    }

    private void Write(Type type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        BinaryPrimitives.WriteInt32BigEndian(header, payload.Length << 8);
        header[3] = (byte)type;
        header[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        Raw(header);
        Raw(payload);
    }
}
