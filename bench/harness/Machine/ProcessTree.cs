using System.Globalization;
using System.Numerics;

namespace Weft.Bench.Harness.Machine;

/// <summary>What the operating system accounts to a process and the processes it started.</summary>
internal static class ProcessTree
{
    /// <summary>User and system time of all of them so far.</summary>
    public static TimeSpan CpuTime(int root) =>
        TimeSpan.FromMicroseconds(Members(root).Sum(m => Native.CpuNanoseconds(m.Id)) / 1000.0);

    /// <summary>Memory in RAM of all of them (VmRSS), in bytes.</summary>
    public static long ResidentBytes(int root) => Members(root).Sum(m => ResidentBytesOf(m.Id));

    private sealed record Member(int Id, int Parent);

    private static List<Member> Members(int root)
    {
        var all = Directory
            .EnumerateDirectories("/proc")
            .Select(folder => Path.GetFileName(folder))
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(Read)
            .OfType<Member>()
            .ToList();
        var members = all.Where(m => m.Id == root).ToList();
        for (var i = 0; i < members.Count; i++)
            members.AddRange(all.Where(m => m.Parent == members[i].Id));
        return members.Count > 0 ? members : throw new MeasurementException($"process {root} is gone");
    }

    private static Member? Read(string id)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{id}/stat");
        }
        catch (IOException)
        {
            // It ended between the listing and the reading.
            return null;
        }
        // The second field, the name, may hold anything; after its closing parenthesis come state, parent, ...
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return new Member(Parse<int>(id), Parse<int>(fields[1]));
    }

    private static long ResidentBytesOf(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return Parse<long>(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
    }

    private static T Parse<T>(string text)
        where T : INumberBase<T> => T.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture);
}
