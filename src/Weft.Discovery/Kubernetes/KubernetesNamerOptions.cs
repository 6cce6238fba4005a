namespace Weft.Discovery;

/// <summary>Which API server to ask.</summary>
public sealed record KubernetesNamerOptions
{
    private const string AccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount/";

    public required BackendHttpOptions Http { get; init; }

    /// <summary>For how long the server is asked to send changes before it ends the watch, which then goes on where it was.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How the watches are kept.</summary>
    public WatchOptions Watching { get; init; } = new() { Resync = TimeSpan.FromMinutes(30) };

    /// <summary>The API server as a pod finds it; outside a cluster, a <c>kubectl proxy</c> on this machine.</summary>
    /// <param name="variable">Looks an environment variable up.</param>
    public static BackendHttpOptions Default(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var host = variable("KUBERNETES_SERVICE_HOST");
        var port = variable("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
        {
            return new BackendHttpOptions { Address = new Uri("http://127.0.0.1:8001") };
        }
        var bracketed = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return new BackendHttpOptions
        {
            Address = new Uri($"https://{bracketed}:{port}"),
            TokenFile = AccountFolder + "token",
            CaFile = AccountFolder + "ca.crt",
        };
    }
}
