using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Weft.Proxy;

/// <summary>Asks an endpoint as the gRPC health checking protocol has it (grpc/grpc doc/health-checking.md, version 1).</summary>
internal static class GrpcCheck
{
    // An answer is seven bytes; more than this is none.
    private const int MaxAnswer = 1024;

    public static async Task<HealthResult> AskAsync(HealthTarget target, Socket socket, CancellationToken stop)
    {
        using var invoker = HttpCheck.Over(socket);
        using var request = HttpCheck.Request(HttpMethod.Post, target, "/grpc.health.v1.Health/Check", http2: true);
        request.Headers.TE.ParseAdd("trailers");
        request.Content = new ByteArrayContent(GrpcHealthMessages.Question(target.Spec.GrpcService));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var response = await invoker.SendAsync(request, stop);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return Wrong($"it answered {(int)response.StatusCode} and no gRPC");
        }

        var answer = new byte[MaxAnswer];
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        var length = await body.ReadAtLeastAsync(answer, MaxAnswer, throwOnEndOfStream: false, stop);
        return Judge(StatusOf(response), answer.AsSpan(0, length));
    }

    private static HealthResult Judge(int? status, ReadOnlySpan<byte> answer) =>
        status switch
        {
            null => Wrong("its answer has no grpc-status"),
            0 => GrpcHealthMessages.ReadAnswer(answer) switch
            {
                ServingStatus.Serving => HealthResult.Success,
                ServingStatus.NotServing => Wrong("it says that it is not serving"),
                ServingStatus.Unknown => Wrong("it says that it does not know whether it is serving"),
                ServingStatus.ServiceUnknown => Wrong("it does not know the service"),
                _ => Wrong("its answer is no answer to a health check"),
            },
            (int)GrpcStatus.NotFound => Wrong("it does not know the service"),
            (int)GrpcStatus.Unimplemented => Wrong("it does not speak the gRPC health protocol"),
            { } other => Wrong($"it answered with grpc-status {other}"),
        };

    private static int? StatusOf(HttpResponseMessage response) =>
        (
            response.TrailingHeaders.TryGetValues("grpc-status", out var values)
            || response.Headers.TryGetValues("grpc-status", out values)
        ) && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : null;

    private static HealthResult Wrong(string why) => new(HealthOutcome.WrongAnswer, why);
}
