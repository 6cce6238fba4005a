using System.Net;
using System.Net.Sockets;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>
/// Looks at endpoints over the network: each time on a connection of its own, because whoever passes a check is taken to accept connections.
/// </summary>
internal sealed class NetworkProbe(TimeProvider time) : IHealthProbe
{
    public async Task<HealthResult> ProbeAsync(HealthTarget target, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(target.Spec.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        using var socket = new Socket(target.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var awaited = "connection";
        try
        {
            await socket.ConnectAsync(target.Address, both.Token);
            await IntroduceAsync(socket, target.ProxyProtocol, both.Token);
            awaited = "answer";
            return target.Spec.Kind switch
            {
                HealthCheckKind.Http => await HttpCheck.AskAsync(target, socket, both.Token),
                HealthCheckKind.Grpc => await GrpcCheck.AskAsync(target, socket, both.Token),
                _ => HealthResult.Success,
            };
        }
        catch (Exception) when (timeout.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return new HealthResult(
                HealthOutcome.Timeout,
                $"no {awaited} within {target.Spec.Timeout.TotalSeconds:0.###} s"
            );
        }
        catch (SocketException e)
        {
            return new HealthResult(HealthOutcome.ConnectFailed, Text(e.SocketErrorCode, e));
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !stop.IsCancellationRequested)
        {
            return new HealthResult(HealthOutcome.WrongAnswer, WhyNoAnswer(e));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new OperationCanceledException("the check was ended", e, stop);
        }
    }

    /// <summary>Where endpoints are told on whose behalf a connection is made: on nobody's.</summary>
    private static async ValueTask IntroduceAsync(Socket socket, ProxyProtocolVersion version, CancellationToken stop)
    {
        if (version != ProxyProtocolVersion.None)
        {
            var header = new byte[ProxyHeader.MaxWritten];
            await socket.SendAsync(header.AsMemory(0, ProxyHeader.Write(version, null, null, header)), stop);
        }
    }

    private static string WhyNoAnswer(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException socket:
                    return Text(socket.SocketErrorCode, socket);
                case EndOfStreamException or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    return "it closed the connection without an answer";
            }
        }

        return $"its answer is broken: {e.Message.TrimEnd('.')}";
    }

    private static string Text(SocketError error, SocketException e) =>
        error switch
        {
            SocketError.ConnectionRefused => "connection refused",
            SocketError.ConnectionReset => "connection reset",
            SocketError.HostUnreachable => "host unreachable",
            SocketError.NetworkUnreachable => "network unreachable",
            _ => e.Message.TrimEnd('.'),
        };
}
