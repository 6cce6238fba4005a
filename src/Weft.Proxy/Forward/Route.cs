using Weft.Http;

namespace Weft.Proxy;

/// <summary>Where one request goes: the name that it asked for, the rule that it takes, and the name that this leads to.</summary>
/// <param name="Name">What was asked for: its policy and metrics are the request's.</param>
/// <param name="Policy">How it is served.</param>
/// <param name="Target">Whose endpoints are called: the name itself, or a backend of its routes.</param>
/// <param name="Backend">The backend; null without routes.</param>
internal readonly record struct Route(LogicalName Name, CallPolicy Policy, LogicalName Target, CompiledBackend? Backend)
{
    /// <summary>Changes the head as rule and backend say: once per request, because it cannot be undone.</summary>
    public void EditRequest(RequestHead request)
    {
        Policy.Rule?.RequestHeaders?.DropFrom(request);
        Backend?.RequestHeaders?.DropFrom(request);
        Policy.Rule?.Rewrite?.Apply(request);
    }

    /// <summary>The way of a copy to a mirror.</summary>
    public Route To(CompiledMirror mirror) => new(Name, Policy, Name.Backend(mirror), Backend: null);

    /// <summary>Adds what rule and backend say to what an attempt sends.</summary>
    public void AddRequestFields(AddedFields added)
    {
        Policy.Rule?.RequestHeaders?.AddTo(added);
        Backend?.RequestHeaders?.AddTo(added);
    }

    /// <summary>Changes a response's head as backend and rule say.</summary>
    public void EditResponse(ResponseHead response)
    {
        Backend?.ResponseHeaders?.DropFrom(response);
        Policy.Rule?.ResponseHeaders?.DropFrom(response);
    }

    /// <summary>Adds what backend and rule say to what the client is sent.</summary>
    public void AddResponseFields(AddedFields added)
    {
        Backend?.ResponseHeaders?.AddTo(added);
        Policy.Rule?.ResponseHeaders?.AddTo(added);
    }
}
