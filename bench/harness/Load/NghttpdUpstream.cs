using System.Net;
using Weft.Bench.Harness.Machine;
using Weft.EndToEnd.Harness;

namespace Weft.Bench.Harness.Load;

/// <summary>nghttpd with two constant responses: a small one, and one to a unary gRPC call.</summary>
internal sealed class NghttpdUpstream : IDisposable
{
    public const string GrpcPath = "/bench.Echo/Say.grpc";

    private readonly Child _child;

    private NghttpdUpstream(Child child, IPEndPoint address)
    {
        _child = child;
        Address = address;
    }

    public IPEndPoint Address { get; }

    /// <param name="isGrpc">Whether responses end with trailers, as those of gRPC do.</param>
    public static async Task<NghttpdUpstream> Start(bool isGrpc, CancellationToken cancellation)
    {
        var (root, settings) = (Scratch.NewFolder("htdocs"), Scratch.NewFolder("nghttpd"));
        await File.WriteAllTextAsync(Path.Combine(root, "index.html"), new string('x', 84) + "\n", cancellation);
        Directory.CreateDirectory(Path.GetDirectoryName(root + GrpcPath)!);
        await File.WriteAllBytesAsync(root + GrpcPath, Http2Call.Message, cancellation);
        var types = Path.Combine(settings, "mime.types");
        await File.WriteAllTextAsync(types, "text/plain html\napplication/grpc grpc\n", cancellation);

        var address = FreePort.NextOnLoopback();
        var command = new Command(
            Command.Find("nghttpd")
                ?? throw new MeasurementImpossibleException("nghttpd, the upstream, is not installed"),
            [
                "--no-tls",
                "--workers=1",
                $"--address={address.Address}",
                $"--htdocs={root}",
                $"--mime-types-file={types}",
                .. isGrpc ? ["--trailer=grpc-status: 0", "--no-content-length"] : (string[])[],
                $"{address.Port}",
            ]
        );
        var upstream = new NghttpdUpstream(Child.Start(command, Cores.Peers), address);
        while (!Http2Preface.IsAnswered(address))
        {
            if (upstream._child.HasExited)
                throw new MeasurementImpossibleException($"the upstream ended: {upstream._child.Errors}");
            // It does not say when it is ready, and nothing is measured yet.
            await Task.Delay(5, cancellation);
        }
        return upstream;
    }

    public void Dispose() => _child.Dispose();
}
