using System.Net.Security;
using Weft.Telemetry;

namespace Weft.Control;

/// <summary>The files by which a control plane and its callers know each other. They may be replaced at any time.</summary>
/// <param name="Certificate">What it shows; null for no TLS.</param>
/// <param name="Tokens">What its callers show; null where it asks for none.</param>
internal sealed record ServerFiles(
    FileBacked<SslStreamCertificateContext>? Certificate,
    FileBacked<AccessTokens>? Tokens
) : IAsyncDisposable
{
    /// <summary>Reads them, and again whenever they change.</summary>
    /// <exception cref="StoreException">One cannot be used.</exception>
    public static async Task<ServerFiles> OpenAsync(ControlOptions options, TimeProvider time, Log log)
    {
        var certificate = options is { TlsCert: { } cert, TlsKey: { } key }
            ? new FileBacked<SslStreamCertificateContext>(
                "certificate",
                [cert, key],
                () => ServerCertificate.Read(cert, key),
                time,
                log
            )
            : null;
        try
        {
            var tokens = options.TokenFile is { } file
                ? new FileBacked<AccessTokens>("tokens", [file], () => AccessTokens.Read(file), time, log)
                : null;
            return new ServerFiles(certificate, tokens);
        }
        catch
        {
            await (certificate?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (Certificate?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Tokens?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
