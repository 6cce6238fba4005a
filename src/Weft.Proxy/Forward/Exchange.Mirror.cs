using Weft.Http;

namespace Weft.Proxy;

/// <summary>Copies of the request for mirrors (<see cref="RuleMirrors"/>).</summary>
internal sealed partial class Exchange
{
    // Bytes of a body that are kept, whether or not it may be sent again.
    private int _keptBytes;

    /// <summary>Sends copies if the request is there as a whole.</summary>
    /// <returns>The mirrors that are still to get one when the body has passed; 0 when none are.</returns>
    public ulong Mirror()
    {
        var mirrors = Route.Policy.Mirrors!;
        var chosen = Server.Request.IsTunnel ? 0 : mirrors.Draw();
        if (chosen == 0)
        {
            return 0;
        }

        if (IsWholeAtHand)
        {
            mirrors.Send(chosen, Route, this, WholeBody.Data.Span);
            return 0;
        }

        _keptBytes = RuleMirrors.MaxBodyBytes;
        return chosen;
    }

    /// <summary>The original has been answered: sends the copies that waited for its body.</summary>
    public void MirrorLate(ulong chosen)
    {
        if (_pump.HasAll)
        {
            Route.Policy.Mirrors!.Send(chosen, Route, this, _pump.Replayed().Data.Span);
        }
        else
        {
            Route.Policy.Mirrors!.Drop(chosen);
        }
    }
}
