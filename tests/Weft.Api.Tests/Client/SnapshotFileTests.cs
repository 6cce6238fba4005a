using Weft.Api.Client;

namespace Weft.Api.Tests.Client;

public sealed class SnapshotFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-api-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string FileName => System.IO.Path.Combine(_folder, "default.snapshot");

    [Fact]
    public void what_was_saved_is_loaded()
    {
        var file = new SnapshotFile(_folder, "default");
        Assert.Null(file.Load());
        file.Save([Wire.Document("Dtab/a", "x", 5)], Now);
        file.Save([Wire.Document("Dtab/a", "y", 6)], Now);

        var loaded = new SnapshotFile(_folder, "default").Load();
        Assert.Equal(Wire.Document("Dtab/a", "y", 6), Assert.Single(loaded!.Resources));
        Assert.Equal(Now.ToUnixTimeMilliseconds(), loaded.SavedAtUnixMs);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void a_damaged_one_counts_as_none()
    {
        new SnapshotFile(_folder, "default").Save([Wire.Document("Dtab/a", "x", 5)], Now);
        var bytes = File.ReadAllBytes(FileName);
        for (var at = 0; at < bytes.Length; at++)
        {
            var torn = (byte[])bytes.Clone();
            torn[at] ^= 0x40;
            File.WriteAllBytes(FileName, torn);
            Assert.Null(new SnapshotFile(_folder, "default").Load());
            File.WriteAllBytes(FileName, bytes[..at]);
            Assert.Null(new SnapshotFile(_folder, "default").Load());
        }
    }

    [Fact]
    public void another_namespaces_is_none()
    {
        new SnapshotFile(_folder, "default").Save([], Now);
        File.Copy(FileName, System.IO.Path.Combine(_folder, "other.snapshot"));
        Assert.Null(new SnapshotFile(_folder, "other").Load());
    }
}
