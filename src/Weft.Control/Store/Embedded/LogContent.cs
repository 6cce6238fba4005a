using System.Collections.Immutable;
using Weft.Control.Records;

namespace Weft.Control;

/// <summary>What frames say, and how a view is said in frames.</summary>
internal static class LogContent
{
    /// <summary>Of the files that this program writes and reads.</summary>
    public const uint Format = 1;

    /// <summary>Characters of documents in one frame of a file's first state; bounds the memory that writing it takes.</summary>
    private const int FrameChars = 1024 * 1024;

    public static RevisionRecord Record(string ns, DocumentRevision revision)
    {
        var record = new RevisionRecord
        {
            Namespace = ns,
            Kind = revision.Key.Kind,
            Name = revision.Key.Name,
            Revision = revision.Revision,
            Version = revision.Version,
            Author = revision.Author,
            UnixTimeMs = revision.Time.ToUnixTimeMilliseconds(),
        };
        if (revision.Text is { } text)
        {
            record.Text = text;
        }

        return record;
    }

    /// <summary>The frames that a file begins with: the whole state, the last of them marked.</summary>
    public static IEnumerable<Frame> Frames(StoreView view)
    {
        var frame = new Frame
        {
            Opening = new Opening { Format = Format, Revision = view.Revision },
        };
        foreach (var ns in view.Namespaces.Values)
        {
            frame.Namespaces.Add(
                new NamespaceRecord
                {
                    Name = ns.Name,
                    Revision = ns.Revision,
                    ForgottenUpTo = ns.ForgottenUpTo,
                }
            );
        }

        var chars = 0;
        foreach (var ns in view.Namespaces.Values)
        {
            foreach (var revision in ns.Histories.Values.SelectMany(h => h.Revisions))
            {
                frame.Revisions.Add(Record(ns.Name, revision));
                chars += revision.Text?.Length ?? 0;
                if (chars > FrameChars)
                {
                    yield return frame;
                    (frame, chars) = (new Frame(), 0);
                }
            }
        }

        frame.Ready = true;
        yield return frame;
    }

    /// <summary>A view with what one frame says.</summary>
    public static StoreView With(StoreView view, Frame frame)
    {
        if (frame.Opening is { } opening)
        {
            var namespaces = StoreView.Empty.Namespaces.ToBuilder();
            foreach (var ns in frame.Namespaces)
            {
                namespaces[ns.Name] = new NamespaceView(
                    ns.Name,
                    ns.Revision,
                    ns.ForgottenUpTo,
                    NamespaceView.Empty(ns.Name).Histories,
                    0
                );
            }

            view = new StoreView(opening.Revision, namespaces.ToImmutable());
        }

        foreach (var group in frame.Revisions.GroupBy(r => r.Namespace, StringComparer.Ordinal))
        {
            view = view.With(group.Key, [.. group.Select(Revision)]);
        }

        return view;
    }

    public static DocumentRevision Revision(RevisionRecord record) =>
        new(
            new DocumentKey(record.Kind, record.Name),
            record.HasText ? record.Text : null,
            record.Revision,
            record.Version,
            record.Author,
            DateTimeOffset.FromUnixTimeMilliseconds(record.UnixTimeMs)
        );
}
