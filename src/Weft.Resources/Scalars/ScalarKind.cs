namespace Weft.Resources.Scalars;

internal delegate bool TryReadScalar<T>(string text, out T value);

/// <summary>A kind of single value: how it is read, and how an error speaks of it.</summary>
/// <param name="Noun">With its article: <c>a duration</c>.</param>
/// <param name="Expected">What to write, with examples.</param>
internal sealed record ScalarKind<T>(string Noun, string Expected, TryReadScalar<T> TryRead, Func<T, string> Show);

/// <summary>The kinds of value that the documents use.</summary>
internal static class ScalarKinds
{
    public static readonly ScalarKind<TimeSpan> Duration = new(
        "a duration",
        "write a number and a unit, such as 250ms, 1.5s, 2m or 1h",
        DurationText.TryParse,
        DurationText.Show
    );

    public static readonly ScalarKind<long> Size = new(
        "a size",
        "write a number of bytes, or a number with KiB, MiB or GiB, such as 64KiB",
        SizeText.TryParse,
        SizeText.Show
    );

    public static readonly ScalarKind<double> Ratio = new(
        "a ratio",
        "write a number from 0 to 1 or a percentage, such as 0.25 or 25%",
        RatioText.TryParse,
        RatioText.Show
    );

    public static readonly ScalarKind<double> Percent = new(
        "a percentage",
        "write a number from 0 to 100",
        RatioText.TryParsePercent,
        RatioText.Show
    );

    public static readonly ScalarKind<System.Net.IPEndPoint> Address = new(
        "an IP address with a port",
        "write it as 127.0.0.1:4140 or \"[::1]:4140\"",
        AddressText.TryParse,
        address => address.ToString()
    );

    /// <summary>An address whose port may be left out; it is 0 then.</summary>
    public static readonly ScalarKind<System.Net.IPEndPoint> Server = new(
        "an IP address, with or without a port",
        "write it as 10.0.0.53, 10.0.0.53:5353 or \"[fd00::53]:5353\"",
        (text, out value) =>
        {
            if (AddressText.TryParseIp(text, out var address))
            {
                value = new System.Net.IPEndPoint(address, 0);
                return true;
            }
            return AddressText.TryParse(text, out value) && value.Port != 0;
        },
        address => address.ToString()
    );

    public static readonly ScalarKind<System.Net.IPNetwork> Network = new(
        "a network",
        "write an IP network, such as 10.0.0.0/8 or fd00::/8, whose bits after the prefix are zero",
        NetworkText.TryParse,
        network => network.ToString()
    );

    public static readonly ScalarKind<double> Weight = new(
        "a weight",
        "write a number, such as 1 or 0.5",
        (text, out value) =>
        {
            var isNumber = Decimals.TryParse(text, out var number);
            value = (double)number;
            return isNumber;
        },
        weight => weight.ToString(System.Globalization.CultureInfo.InvariantCulture)
    );

    /// <summary>A host whose port may be left out; it is 0 then.</summary>
    public static readonly ScalarKind<HostAndPort> Host = new(
        "a host, with or without a port",
        "write it as zk1, zk1:2181, 10.0.0.1:2181 or \"[fd00::1]:2181\"",
        HostText.TryParse,
        host => $"{host.Host}:{host.Port}"
    );

    public static readonly ScalarKind<Uri> HttpAddress = new(
        "an address of HTTP",
        "write it as http://127.0.0.1:8500 or https://host:8501",
        (text, out value) =>
            Uri.TryCreate(text, UriKind.Absolute, out value!)
            && value is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "", Host.Length: > 0 },
        address => address.AbsoluteUri
    );

    public static readonly ScalarKind<long> Number = new(
        "a whole number",
        "write digits only",
        NumberText.TryParse,
        number => number.ToString()
    );
}
