using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>One line of a service's file.</summary>
/// <param name="Host">A host name, or null when <paramref name="Address"/> is given.</param>
/// <param name="Address">An IP address, or null when <paramref name="Host"/> is given.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Weight">Finite, 0 or more; 1 when the line does not say.</param>
/// <param name="Metadata">What else the line says.</param>
internal sealed record ServiceTarget(
    string? Host,
    IPAddress? Address,
    int Port,
    double Weight,
    ImmutableSortedDictionary<string, string> Metadata
);

/// <summary>
/// Reads the file of one service: a line for each endpoint, <c>host port</c>, then perhaps <c>* weight</c>, then perhaps what else is known of it
/// (<see cref="LineMetadata"/>); empty lines, and what follows a <c>#</c>, do not count. Lines for the same host and port are one endpoint
/// with the sum of weights, and must not contradict each other.
/// </summary>
internal static class ServiceFile
{
    public const int MaxLines = 100_000;

    /// <summary>More than a person would mend before trying again.</summary>
    private const int MaxProblems = 20;

    /// <summary>Far above any use; the sum of all lines stays exact enough, and finite.</summary>
    private const double MaxWeight = 1e9;

    private const string Expected = "write 'host port' or 'host port * weight', such as 127.0.0.1 8080 * 0.5";

    /// <summary>The endpoints in the order of lines; what is wrong is reported, and then nothing of the file counts.</summary>
    public static ImmutableArray<ServiceTarget> Parse(ReadOnlySpan<byte> content, string file, List<Problem> problems)
    {
        var targets = new Dictionary<(string?, IPAddress?, int), ServiceTarget>();
        var order = new List<(string?, IPAddress?, int)>();
        var number = 0;
        foreach (var raw in Encoding.UTF8.GetString(content).AsSpan().TrimStart('\uFEFF').EnumerateLines())
        {
            if (++number > MaxLines)
            {
                problems.Add(new Problem(file, number, 0, $"more than {MaxLines} lines are not read"));
                break;
            }
            if (problems.Count == MaxProblems)
            {
                break;
            }
            var hash = raw.IndexOf('#');
            var line = new Line(hash < 0 ? raw : raw[..hash], file, number);
            if (!line.IsBlank && line.Read(problems) is { } target)
            {
                var key = (target.Host, target.Address, target.Port);
                if (targets.TryGetValue(key, out var other))
                {
                    if (!LineMetadata.Same(target.Metadata, other.Metadata))
                    {
                        line.Wrong(
                            problems,
                            0,
                            "an earlier line says otherwise of this host and port",
                            "say the same in both"
                        );
                        continue;
                    }
                    targets[key] = target with { Weight = other.Weight + target.Weight };
                }
                else
                {
                    targets.Add(key, target);
                    order.Add(key);
                }
            }
        }
        return [.. order.Select(key => targets[key])];
    }

    /// <summary>A line being read from left to right.</summary>
    private ref struct Line(ReadOnlySpan<char> text, string file, int number)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _at;

        public readonly bool IsBlank => _text.IsWhiteSpace();

        public ServiceTarget? Read(List<Problem> problems)
        {
            var host = Word(out var hostAt);
            if (!TryHost(host, out var name, out var address))
            {
                return Wrong(problems, hostAt, $"'{host}' is neither an IP address nor the name of a host");
            }
            var port = Word(out var portAt);
            if (port.IsEmpty)
            {
                return Wrong(problems, portAt, "the port is missing");
            }
            if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) || parsed == 0)
            {
                return Wrong(problems, portAt, $"'{port}' is not a port from 1 to 65535");
            }
            var weight = 1.0;
            if (_text[_at..].TrimStart() is ['*', ..])
            {
                var starAt = _at + _text[_at..].IndexOf('*');
                _at = starAt + 1;
                var written = Word(out _);
                if (!TryWeight(written, out weight))
                {
                    return Wrong(problems, starAt, $"'{written}' is not a weight from 0 to {MaxWeight}");
                }
            }
            var metadata = ImmutableSortedDictionary<string, string>.Empty;
            for (var pair = Word(out var at); !pair.IsEmpty; pair = Word(out at))
            {
                if (LineMetadata.Add(ref metadata, pair) is { } wrong)
                {
                    return Wrong(problems, at, wrong, LineMetadata.Expected);
                }
            }
            return _text[_at..].IsWhiteSpace()
                ? new ServiceTarget(name, address, parsed, weight, metadata)
                : Wrong(problems, _at, "a '*' with a weight stands behind the port");
        }

        private ReadOnlySpan<char> Word(out int at)
        {
            while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            {
                _at++;
            }
            at = _at;
            while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && _text[_at] != '*')
            {
                _at++;
            }
            return _text[at.._at];
        }

        private static bool TryHost(ReadOnlySpan<char> text, out string? name, out IPAddress? address)
        {
            name = null;
            var isIp = IPAddress.TryParse(text is ['[', .., ']'] ? text[1..^1] : text, out address);
            // Old shorthands ('127.1', '1234') also parse; who writes such a thing means something else.
            if (isIp && (address!.AddressFamily == AddressFamily.InterNetworkV6 || text.SequenceEqual($"{address}")))
            {
                return true;
            }
            address = null;
            if (isIp || !HostName.IsValid(text))
            {
                return false;
            }
            name = text.ToString().ToLowerInvariant();
            return true;
        }

        private static bool TryWeight(ReadOnlySpan<char> text, out double weight) =>
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out weight)
            && weight <= MaxWeight;

        public readonly ServiceTarget? Wrong(List<Problem> problems, int at, string message, string expected = Expected)
        {
            problems.Add(new Problem(file, number, at + 1, message, expected));
            return null;
        }
    }
}
