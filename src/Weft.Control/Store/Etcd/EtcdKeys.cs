using System.Globalization;
using System.Text;
using Google.Protobuf;
using Weft.Control.Records;

namespace Weft.Control;

/// <summary>
/// How documents lie in etcd. Each revision of a document has a key of its own, and its revision is that of etcd; a key per
/// namespace is written with every change of it and is what changes are compared with; one key is written with every change
/// and tells readers how far there is to read.
/// </summary>
internal static class EtcdKeys
{
    public const string Root = "/weft/";

    /// <summary>The first key behind all of ours: the last byte of <see cref="Root"/>, and one.</summary>
    public const string RootEnd = "/weft0";

    public const string Head = Root + "head";

    private const string Documents = Root + "documents/";

    public static string NamespaceOf(string ns) => $"{Root}namespaces/{ns}";

    /// <summary>Names of documents may hold slashes, so they are escaped.</summary>
    public static string RevisionOf(string ns, DocumentKey key, int version) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Documents}{ns}/{key.Kind}/{Uri.EscapeDataString(key.Name)}/{version:D9}"
        );

    public static string ValueOf(string ns, DocumentRevision revision) =>
        Convert.ToBase64String(LogContent.Record(ns, revision).ToByteArray());

    /// <summary>What a key holds; null when it is none of a document.</summary>
    public static (string Namespace, DocumentRevision Revision)? Read(EtcdPair pair)
    {
        if (!pair.Key.StartsWith(Documents, StringComparison.Ordinal))
        {
            return null;
        }

        RevisionRecord record;
        try
        {
            record = RevisionRecord.Parser.ParseFrom(pair.Value);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new StoreException($"etcd: what stands at {pair.Key} cannot be read: {error.Message}", error);
        }

        record.Revision = pair.ModRevision;
        return (record.Namespace, LogContent.Revision(record));
    }

    public static string Encode(string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(key));
}

/// <summary>A key and what it holds.</summary>
/// <param name="ModRevision">The revision that wrote it last.</param>
internal sealed record EtcdPair(string Key, byte[] Value, long ModRevision);
