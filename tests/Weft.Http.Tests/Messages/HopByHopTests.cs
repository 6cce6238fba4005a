namespace Weft.Http.Tests.Messages;

public sealed class HopByHopTests
{
    [Fact]
    public void Fields_of_the_connection_are_dropped()
    {
        Assert.Equal(
            "Host: a\r\nTrailer: x\r\nA: b\r\n",
            Passed(
                "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\n"
                    + "Proxy-Authenticate: x\r\nProxy-Authorization: x\r\nTE: trailers\r\nTrailer: x\r\n"
                    + "Transfer-Encoding: chunked\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\nA: b\r\n"
            )
        );
    }

    [Fact]
    public void Fields_that_connection_names_are_dropped_all_of_them() =>
        Assert.Equal(
            "Host: a\r\nC: 4\r\n",
            Passed("A: 1\r\nConnection: close, a\r\na: 2\r\nB: 3\r\nConnection: ,B ,\r\nC: 4\r\n")
        );

    [Fact]
    public void Naming_a_field_that_the_mesh_relies_on_does_not_drop_it()
    {
        const string Kept =
            "Content-Length: 5\r\nAuthorization: x\r\nX-Forwarded-For: 1.2.3.4\r\nweft-dtab: x\r\nweft-new: x\r\n"
            + "l5d-dtab: x\r\nCookie: x\r\n";
        Assert.Equal(
            "Host: a\r\n" + Kept,
            Passed(
                "Connection: host, content-length, authorization, x-forwarded-for, weft-dtab, weft-new, l5d-dtab, cookie\r\n"
                    + Kept
            )
        );
    }

    [Fact]
    public void A_response_without_connection_fields_passes_whole()
    {
        var head = Wire.Response("HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 0\r\n\r\n");
        HopByHop.Drop(head);
        Assert.Equal("Server: x\r\nContent-Length: 0\r\n", Wire.Written(head));
    }

    private static string Passed(string fields)
    {
        var head = Wire.Request($"POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
        HopByHop.Drop(head);
        return Wire.Written(head);
    }
}
