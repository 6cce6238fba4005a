using System.Buffers.Binary;

namespace Weft.Http;

/// <summary>The parameters of SETTINGS (RFC 9113 section 6.5.2; RFC 8441 section 3). Other identifiers are ignored.</summary>
internal enum SettingId : ushort
{
    HeaderTableSize = 1,
    EnablePush = 2,
    MaxConcurrentStreams = 3,
    InitialWindowSize = 4,
    MaxFrameSize = 5,
    MaxHeaderListSize = 6,
    EnableConnectProtocol = 8,
}

/// <summary>What one side of a connection has said in SETTINGS, beginning with what holds before it has said anything.</summary>
internal struct Http2Settings
{
    /// <summary>Bytes per parameter.</summary>
    public const int EntryLength = 6;

    public const int DefaultWindow = 65_535;
    private const int MaxMaxFrameSize = (1 << 24) - 1;

    public Http2Settings() { }

    /// <summary>Bytes of HPACK table that the sender offers to the other side's encoder.</summary>
    public uint HeaderTableSize { get; private set; } = 4096;

    public uint MaxConcurrentStreams { get; private set; } = uint.MaxValue;

    public int InitialWindowSize { get; private set; } = DefaultWindow;

    public int MaxFrameSize { get; private set; } = FrameHeader.DefaultMaxLength;

    public bool EnableConnectProtocol { get; private set; }

    /// <summary>Takes over the payload of a SETTINGS frame whose length has been checked.</summary>
    /// <param name="payload">Entries of <see cref="EntryLength"/> bytes.</param>
    /// <param name="fromServer">A server must not allow pushes.</param>
    public Http2Fault Apply(ReadOnlySpan<byte> payload, bool fromServer)
    {
        for (; payload.Length >= EntryLength; payload = payload[EntryLength..])
        {
            var value = BinaryPrimitives.ReadUInt32BigEndian(payload[2..]);
            switch ((SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload))
            {
                case SettingId.HeaderTableSize:
                    HeaderTableSize = value;
                    break;
                case SettingId.EnablePush when value > (fromServer ? 0U : 1U):
                    return Http2Fault.Connection(Http2ErrorCode.ProtocolError);
                case SettingId.MaxConcurrentStreams:
                    MaxConcurrentStreams = value;
                    break;
                case SettingId.InitialWindowSize when value > int.MaxValue:
                    return Http2Fault.Connection(Http2ErrorCode.FlowControlError);
                case SettingId.InitialWindowSize:
                    InitialWindowSize = (int)value;
                    break;
                case SettingId.MaxFrameSize when value is < FrameHeader.DefaultMaxLength or > MaxMaxFrameSize:
                    return Http2Fault.Connection(Http2ErrorCode.ProtocolError);
                case SettingId.MaxFrameSize:
                    MaxFrameSize = (int)value;
                    break;
                case SettingId.EnableConnectProtocol when value > 1 || (value == 0 && EnableConnectProtocol):
                    return Http2Fault.Connection(Http2ErrorCode.ProtocolError);
                case SettingId.EnableConnectProtocol:
                    EnableConnectProtocol = value == 1;
                    break;
            }
        }

        return Http2Fault.None;
    }

    public static void Write(Span<byte> destination, SettingId id, uint value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)id);
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], value);
    }
}
