using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Weft.Api.Mesh;

namespace Weft.Api.Client;

/// <summary>
/// The last known good on disk: four bytes of checksum (CRC-32C) and a <see cref="Snapshot"/>. A new one is written beside
/// it and renamed, so that a crash leaves the old one or the new one. One that is damaged counts as none.
/// </summary>
internal sealed class SnapshotFile
{
    private const uint Format = 1;
    private const int SumLength = 4;

    private readonly string _file;
    private readonly string _namespace;

    public SnapshotFile(string folder, string ns)
    {
        _namespace = ns;
        _file = System.IO.Path.Combine(folder, $"{ns}.snapshot");
    }

    /// <summary>What was saved; null when nothing was, or it cannot be used.</summary>
    public Snapshot? Load()
    {
        try
        {
            var bytes = File.ReadAllBytes(_file);
            if (
                bytes.Length < SumLength
                || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Sum(bytes.AsSpan(SumLength))
            )
            {
                return null;
            }

            var snapshot = Snapshot.Parser.ParseFrom(bytes, SumLength, bytes.Length - SumLength);
            return snapshot.Format == Format && snapshot.Namespace == _namespace ? snapshot : null;
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>Saves what is known.</summary>
    /// <exception cref="IOException">It cannot be written; what was saved before stays.</exception>
    public void Save(IEnumerable<Resource> resources, DateTimeOffset now)
    {
        var snapshot = new Snapshot
        {
            Format = Format,
            Namespace = _namespace,
            SavedAtUnixMs = now.ToUnixTimeMilliseconds(),
            Resources = { resources },
        };
        var bytes = new byte[SumLength + snapshot.CalculateSize()];
        snapshot.WriteTo(bytes.AsSpan(SumLength));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Sum(bytes.AsSpan(SumLength)));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_file)!);
        var beside = _file + ".tmp";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, _file, overwrite: true);
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return ~sum;
    }
}
