using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;

namespace Weft.Discovery;

/// <summary>Asks recursive servers, one after the other, twice round, until one has answered.</summary>
internal sealed class DnsClient(IDnsTransport transport, DnsNamerOptions options, TimeProvider time)
{
    private const int Rounds = 2;

    /// <summary>The first answer that says that the name has such records, has none, or is not.</summary>
    /// <exception cref="BackendException">No server gave such an answer; says what the last one did.</exception>
    public async Task<DnsResponse> AskAsync(string name, DnsType type, CancellationToken stop)
    {
        ImmutableArray<IPEndPoint> servers = options.Servers.IsEmpty
            ? ResolverFile.Read(options.ResolverFile)
            : options.Servers;
        var why = "there is no server to ask";
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var server in servers)
            {
                try
                {
                    var response = await AskAsync(server, name, type, overTcp: false, stop);
                    if (response.IsCut)
                    {
                        response = await AskAsync(server, name, type, overTcp: true, stop);
                    }
                    if (response.Code is DnsCode.NoError or DnsCode.NoSuchName)
                    {
                        return response;
                    }
                    why = $"the name server {server} answered {Describe(response.Code)}";
                }
                catch (Exception error) when (!stop.IsCancellationRequested)
                {
                    why = $"the name server {server}: {BackendErrors.Describe(error)}";
                }
            }
        }
        throw new BackendException(why);
    }

    private async Task<DnsResponse> AskAsync(
        IPEndPoint server,
        string name,
        DnsType type,
        bool overTcp,
        CancellationToken stop
    )
    {
        // Not from the injected randomness: whoever could guess it could forge answers.
        var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        DnsResponse? response = null;
        using var timer = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timer.Token);
        await transport.ExchangeAsync(
            server,
            DnsQuestion.Encode(id, name, type),
            overTcp,
            message => (response = DnsResponse.Parse(message.Span, id, name, type)) is not null,
            either.Token
        );
        return response!;
    }

    private static string Describe(int code) =>
        code switch
        {
            DnsCode.ServerFailure => "that it failed",
            DnsCode.Refused => "that it refuses to",
            _ => $"with code {code}",
        };
}
