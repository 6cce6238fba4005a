using Microsoft.AspNetCore.Http;
using Weft.Api.Documents;
using Weft.Telemetry;

namespace Weft.Control;

/// <summary>The one place where what went wrong becomes an answer.</summary>
internal static class ErrorAnswers
{
    /// <summary>Lets a request pass and answers for it when it fails.</summary>
    public static async Task RunAsync(HttpContext context, Gate gate, RequestDelegate next, Log log)
    {
        try
        {
            gate.Check(context);
            await next(context);
            if (!context.Response.HasStarted && context.Response is { StatusCode: 404 or 405, ContentType: null })
            {
                var what =
                    context.Response.StatusCode == 404
                        ? "there is nothing at"
                        : $"{context.Request.Method} is not answered by";
                await WriteAsync(
                    context,
                    context.Response.StatusCode,
                    ErrorInfo.NotFound,
                    $"{what} {context.Request.Path}"
                );
            }
        }
        catch (RefusedException refused)
        {
            await Bodies.WriteJsonAsync(context, refused.Error, ControlJson.Plain.ErrorInfo, refused.Status);
        }
        catch (StoreException error)
        {
            await WriteAsync(context, 503, ErrorInfo.Unavailable, error.Message);
        }
        catch (BadHttpRequestException error)
        {
            await WriteAsync(context, error.StatusCode, ErrorInfo.BadRequest, error.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            log.Error("a request failed", ("path", context.Request.Path.Value), ("exception", error));
            await WriteAsync(
                context,
                500,
                ErrorInfo.Internal,
                "this is a defect of the control plane; its log says more"
            );
        }
    }

    private static Task WriteAsync(HttpContext context, int status, string error, string message) =>
        Bodies.WriteJsonAsync(
            context,
            new ErrorInfo { Error = error, Message = message },
            ControlJson.Plain.ErrorInfo,
            status
        );
}
