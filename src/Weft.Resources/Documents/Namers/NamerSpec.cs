using System.Net;

namespace Weft.Resources;

/// <summary>A source of services and how it is asked. Equal when it says the same.</summary>
public abstract record NamerSpec
{
    private NamerSpec() { }

    /// <summary>A folder; each file in it is one service.</summary>
    /// <param name="Root">Its full path.</param>
    public sealed record Files(string Root) : NamerSpec;

    /// <summary>Records of DNS.</summary>
    public sealed record Dns : NamerSpec
    {
        /// <summary>Recursive servers in order; when empty, those of the machine.</summary>
        public ValueList<IPEndPoint> Servers { get; init; } = [];

        public TimeSpan MinRefresh { get; init; } = TimeSpan.FromSeconds(1);

        public TimeSpan MaxRefresh { get; init; } = TimeSpan.FromMinutes(5);

        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);
    }
}
