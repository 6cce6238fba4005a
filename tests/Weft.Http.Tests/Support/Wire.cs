using System.Text;

namespace Weft.Http.Tests;

/// <summary>Raw messages in, heads out. Strings are Latin-1, so that every byte can be written.</summary>
internal static class Wire
{
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static RequestHead Request(string text)
    {
        var bytes = Bytes(text);
        var parser = new Http1RequestParser();
        var head = new RequestHead();
        Assert.Equal(
            (ParseStatus.Complete, RejectReason.None),
            (parser.Parse(bytes, 0, bytes.Length, head), parser.Reason)
        );
        Assert.Equal(bytes.Length, parser.Consumed);
        return head;
    }

    public static ResponseHead Response(string text, RequestMethod method = RequestMethod.Get)
    {
        var bytes = Bytes(text);
        var parser = new Http1ResponseParser();
        var head = new ResponseHead();
        Assert.Equal(
            (ParseStatus.Complete, RejectReason.None),
            (parser.Parse(bytes, 0, bytes.Length, head, method), parser.Reason)
        );
        Assert.Equal(bytes.Length, parser.Consumed);
        return head;
    }

    /// <summary>The reason for which a request is refused; None when it is not.</summary>
    public static RejectReason Refusal(string text, HeadLimits? limits = null)
    {
        var bytes = Bytes(text);
        var parser = new Http1RequestParser(limits ?? HeadLimits.Default);
        parser.Parse(bytes, 0, bytes.Length, new RequestHead());
        return parser.Reason;
    }

    /// <summary>The reason for which a response is refused; None when it is not.</summary>
    public static RejectReason ResponseRefusal(string text, RequestMethod method = RequestMethod.Get)
    {
        var bytes = Bytes(text);
        var parser = new Http1ResponseParser();
        parser.Parse(bytes, 0, bytes.Length, new ResponseHead(), method);
        return parser.Reason;
    }

    /// <summary>Everything that a later stage can see of a head, as one text.</summary>
    public static string Describe(RequestHead head)
    {
        var text = new StringBuilder();
        text.Append($"{Text(head.MethodSpan)}={head.Method} {Text(head.Target)} {head.TargetForm} {head.Scheme} ");
        text.Append($"[{Text(head.Authority)}] [{Text(head.Path)}] ");
        text.Append($"{head.ExpectContinue} {head.UpgradeRequested} {head.AcceptsTrailers} ");
        return Describe(head, text);
    }

    public static string Describe(ResponseHead head)
    {
        var text = new StringBuilder();
        text.Append($"{head.Status} [{Text(head.Reason)}] {head.IsInterim} {head.SwitchesProtocol} ");
        return Describe(head, text);
    }

    public static string Describe(FieldSection section)
    {
        var text = new StringBuilder();
        for (var i = 0; i < section.Count; i++)
        {
            var field = section.Fields[i];
            text.Append(
                $"\n{Text(section.Name(i))}({field.Known}){(field.Dropped ? "!" : "")}=[{Text(section.Value(i))}]"
            );
        }

        return text.ToString();
    }

    public static string Written(FieldSection section)
    {
        var buffer = new byte[64 * 1024];
        var writer = new HeadWriter(buffer);
        writer.Fields(section);
        Assert.False(writer.Failed);
        return Text(buffer.AsSpan(0, writer.Written));
    }

    private static string Describe(MessageHead head, StringBuilder text)
    {
        text.Append($"{head.Version} {head.Body} {head.ContentLength} {head.KeepAlive} {head.Length}");
        return text.Append(Describe((FieldSection)head)).ToString();
    }
}
