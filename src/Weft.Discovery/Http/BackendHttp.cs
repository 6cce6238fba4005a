using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Discovery;

/// <summary>Makes the connections to backends that speak HTTP, so that a dead one is noticed.</summary>
internal static class BackendHttp
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Seconds until the first keep-alive probe of a silent connection, and from one to the next; two without an answer end it: a network that is
    /// cut is noticed within ten seconds.
    /// </summary>
    private const int ProbeAfter = 5;
    private const int ProbeEvery = 2;
    private const int Probes = 2;

    /// <summary>
    /// TCP_USER_TIMEOUT (RFC 5482, tcp(7)), in milliseconds: while bytes wait to be acknowledged no probes are sent, and without a bound they would be
    /// sent again for a quarter of an hour.
    /// </summary>
    private const int UserTimeout = (ProbeAfter + (ProbeEvery * Probes)) * 1000;
    private const int TcpUserTimeout = 18;

    /// <summary>How long the answer to a ping may take, over HTTP/2.</summary>
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);

    public static HttpMessageHandler CreateHandler(BackendHttpOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = ConnectTimeout,
            MaxConnectionsPerServer = options.MaxConnections,
            // What names lead to changes: not for ever on one connection.
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ConnectCallback = ConnectAsync,
            // Over HTTP/2, a process that is frozen is noticed as well as a network that is cut.
            KeepAlivePingDelay = TimeSpan.FromSeconds(ProbeAfter),
            KeepAlivePingTimeout = PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            EnableMultipleHttp2Connections = true,
        };
        if (options.CaFile is { } file)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                IsSignedBy(file, certificate, chain, errors);
        }
        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, ProbeAfter);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeEvery);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
            if (OperatingSystem.IsLinux())
            {
                socket.SetRawSocketOption(
                    (int)SocketOptionLevel.Tcp,
                    TcpUserTimeout,
                    BitConverter.GetBytes(UserTimeout)
                );
            }

            await socket.ConnectAsync(context.DnsEndPoint, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsSignedBy(
        string caFile,
        X509Certificate? certificate,
        X509Chain? chain,
        SslPolicyErrors errors
    )
    {
        // That nobody whom the system trusts has signed it is what is expected here; anything else is an error.
        if (
            certificate is null
            || chain is null
            || (errors | SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.RemoteCertificateChainErrors
        )
        {
            return false;
        }
        var roots = new X509Certificate2Collection();
        // Read anew, so that authorities may be replaced.
        roots.ImportFromPemFile(caFile);
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Clear();
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(copy);
    }
}
