namespace Weft.Naming;

/// <summary>Binds the names below one prefix, from what is known now.</summary>
public interface INamer
{
    /// <summary>
    /// Binds a whole path such as <c>/#/file/web/x</c>. A path that is none of this namer's is Ok(Neg).
    /// Called on event loops: answers at once from an immutable snapshot, never blocks, and is safe from any thread.
    /// </summary>
    NameState Lookup(Path path);
}
