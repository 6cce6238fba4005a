using Weft.Api.Client;
using Weft.Resources;

namespace Weft.Cli.Checks;

/// <summary>Whether the files and folders that a proxy's file names can be used by this user.</summary>
internal static class PathInquiry
{
    public static IEnumerable<PathFacts> Look(ProxyConfig config)
    {
        if (config.Snapshot is { } snapshot)
        {
            yield return new PathFacts("snapshot", snapshot, IsWritten: true, Try(() => Write(snapshot)));
        }

        if (config.Control is { TokenFile: { } token })
        {
            yield return new PathFacts("tokenFile", token, IsWritten: false, Try(() => ReadToken(token)));
        }

        if (config.Control is { CaFile: { } roots })
        {
            yield return new PathFacts("caFile", roots, IsWritten: false, Try(() => ServerTrust.Only(roots)));
        }
    }

    private static string? Try(Action use)
    {
        try
        {
            use();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message.TrimEnd('.');
        }
    }

    private static void ReadToken(string file)
    {
        if (TokenFile.Read(file) is null)
        {
            throw new IOException("the file is empty, and a token was expected");
        }
    }

    /// <summary>Writes a file beside where the snapshot will be, and removes it; a folder that is not there yet is left so.</summary>
    private static void Write(string folder)
    {
        var present = folder;
        while (!Directory.Exists(present))
        {
            if (File.Exists(present))
            {
                throw new IOException($"{present} is a file, and a folder was expected");
            }

            present = Path.GetDirectoryName(present) ?? throw new IOException("no part of the path exists");
        }

        var probe = Path.Combine(present, $".weft-check-{Guid.NewGuid():N}");
        try
        {
            // That it can be made is all that is asked.
            File.Create(probe, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException(error.Message.Replace(probe, present, StringComparison.Ordinal), error);
        }
    }
}
