namespace Weft.Http;

/// <summary>What requests and responses have in common, once parsed and checked.</summary>
public abstract class MessageHead : FieldSection
{
    public ProtocolVersion Version { get; internal set; }

    /// <summary>How the body is delimited. Decided once, in <see cref="Framing"/>.</summary>
    public BodyKind Body { get; internal set; }

    /// <summary>
    /// The declared length in bytes, or -1 when none is declared. Where <see cref="Body"/> is <see cref="BodyKind.None"/>
    /// (an answer to HEAD, a 304) it only describes what is not sent.
    /// </summary>
    public long ContentLength { get; internal set; } = -1;

    /// <summary>The connection may carry another message after this one.</summary>
    public bool KeepAlive { get; internal set; }

    /// <summary>The head's size in bytes from <see cref="FieldSection.Start"/>, with a leading empty line and the final one.</summary>
    public int Length { get; internal set; }

    internal ConnectionOptions Options { get; set; }

    internal bool Has(ConnectionOptions option) => (Options & option) != ConnectionOptions.None;

    public override void Reset()
    {
        base.Reset();
        Version = ProtocolVersion.Http11;
        Body = BodyKind.None;
        ContentLength = -1;
        KeepAlive = false;
        Length = 0;
        Options = ConnectionOptions.None;
    }
}
