using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Weft.Net.Tests;

/// <summary>Runs a theory on every transport that this machine has.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BothTransportsAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod,
        DisposalTracker disposalTracker
    )
    {
        List<ITheoryDataRow> rows = [new TheoryDataRow<Transport>(Transport.Sockets)];
        if (OperatingSystem.IsLinux())
        {
            rows.Add(new TheoryDataRow<Transport>(Transport.Epoll));
        }

        return new(rows);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
