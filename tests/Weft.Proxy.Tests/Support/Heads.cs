using System.Text;
using Weft.Http;

namespace Weft.Proxy.Tests;

/// <summary>Heads out of text.</summary>
internal static class Heads
{
    /// <summary>A request's head as the proxy parses it; <paramref name="text"/> is without the empty line at its end.</summary>
    public static RequestHead Request(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n").TrimEnd() + "\r\n\r\n");
        var head = new RequestHead();
        Assert.Equal(ParseStatus.Complete, new Http1RequestParser().Parse(bytes, 0, bytes.Length, head));
        return head;
    }
}
