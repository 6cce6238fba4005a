using System.Net.Sockets;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Lifecycle;

public class StartUpTests
{
    [Fact]
    public async Task an_occupied_port_ends_the_start_with_one_error_that_names_the_address()
    {
        using var mesh = new TempMesh();
        using var occupant = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        occupant.Bind(mesh.Outbound);
        occupant.Listen();

        var (code, output, errors) = await WeftProgram.Run("proxy", "-c", mesh.ConfigFile);
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Single(errors.Split('\n'), line => line.Contains($"{mesh.Outbound}", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("admni: 127.0.0.1:1\n", "proxy.yaml:1:1", "admin")]
    [InlineData("admin: 127.0.0.1:1\nlisteners:\n  - name: [\n", "proxy.yaml:", "")]
    [InlineData("admin: 127.0.0.1:1\nadmin: 127.0.0.1:2\n", "proxy.yaml:2", "admin")]
    [InlineData("admin: 127.0.0.1:99999\n", "proxy.yaml:1:8", "")]
    public async Task a_bad_file_ends_the_start_with_its_place_and_what_was_expected(
        string file,
        string place,
        string remedy
    )
    {
        using var mesh = new TempMesh();
        mesh.RawConfig(file);
        foreach (
            var arguments in (string[][])
                [
                    ["proxy", "-c", mesh.ConfigFile],
                    ["proxy", "-c", mesh.ConfigFile, "--check"],
                ]
        )
        {
            var (code, _, errors) = await WeftProgram.Run(arguments);
            Assert.Equal(2, code);
            Assert.Contains(place, errors, StringComparison.Ordinal);
            Assert.Contains(remedy, errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task a_file_that_is_not_there_is_named()
    {
        var (code, _, errors) = await WeftProgram.Run("proxy", "-c", "/nowhere/proxy.yaml");
        Assert.Equal(2, code);
        Assert.Contains("/nowhere/proxy.yaml", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_bad_dtab_at_the_start_is_shown_with_its_place()
    {
        using var mesh = new TempMesh();
        mesh.Dtab("/svc => => /x");
        var (code, _, errors) = await WeftProgram.Run("proxy", "-c", mesh.ConfigFile);
        Assert.Equal(2, code);
        Assert.Contains("dtab.yaml:4:", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_good_file_passes_the_check_without_starting_anything()
    {
        using var mesh = new TempMesh();
        var (code, _, errors) = await WeftProgram.Run("proxy", "-c", mesh.ConfigFile, "--check");
        Assert.True(code == 0, errors);
    }
}
