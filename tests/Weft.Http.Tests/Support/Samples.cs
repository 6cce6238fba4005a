namespace Weft.Http.Tests;

/// <summary>Messages, good and bad, that the equivalence and mutation tests start from.</summary>
internal static class Samples
{
    public static readonly string[] Requests =
    [
        "GET /a/b?c=d HTTP/1.1\r\nHost: books:8080\r\nAccept:  */* \t\r\nX-Empty:\r\nConnection: keep-alive, x-gone\r\nx-gone: 1\r\n\r\n",
        "\r\nPOST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nExpect: 100-continue\r\nTE: trailers\r\n\r\n",
        "PUT http://Other.example:81?q=1 HTTP/1.1\r\nHOST: good\r\nTransfer-Encoding: chunked\r\nweft-dtab: /a=>/b\r\n\r\n",
        "CONNECT db:5432 HTTP/1.1\r\nHost: db:5432\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nx-forwarded-client-cert: \xff\r\n\r\n",
        "GET /old HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
        "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        // Lines that are a little shorter and a little longer than what is looked at in one go, and names that are.
        $"GET / HTTP/1.1\r\nHost: a\r\nX-A: {new string('a', 57)}\r\nX-B: {new string('b', 58)}\r\nx-c: {new string('c', 59)}\r\nX-D: {new string('d', 60)}\r\n\r\n",
        $"GET / HTTP/1.1\r\nHost: a\r\n{new string('n', 62)}:\r\n{new string('n', 63)}: v\r\n{new string('n', 64)}: v\r\nCookie:\t{new string('v', 90)}\tw\r\n\r\n",
    ];

    public static readonly string[] BadRequests =
    [
        "\r\rGET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/3.7\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: y\rz\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET /" + new string('a', 9000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: " + new string('a', 33_000) + "\r\n\r\n",
        new string('A', 40) + " / HTTP/1.1\r\nHost: a\r\n\r\n",
        $"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('a', 70)}\0{new string('a', 70)}\r\n\r\n",
        $"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('a', 60)}\r\r\n\r\n",
        $"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('a', 61)}\n\r\n\r\n",
        $"GET / HTTP/1.1\r\nHost: a\r\n{new string('n', 63)} : v\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n" + new string('n', 80) + "\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nweft-(: v\r\nl5d-\x80: v\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n: v\r\n\r\n",
    ];

    public static readonly string[] Responses =
    [
        "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 12\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        "HTTP/1.0 200\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 204 \r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200 O\rK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
    ];

    public static readonly string[] Bodies =
    [
        "0\r\n\r\nrest",
        "5\r\nhello\r\nA;x=\"y\"\r\n0123456789\r\n0\r\n\r\nrest",
        "3\r\nabc\r\n0;z\r\nGrpc-Status: 0\r\nHost: evil\r\nX:\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "3\r\nabcd\r\n",
        "3\r\nabc\r\n0\r\nA : b\r\n\r\n",
        "11111111111111111\r\n",
    ];
}
