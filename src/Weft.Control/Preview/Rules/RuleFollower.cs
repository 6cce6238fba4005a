using Weft.Resources;

namespace Weft.Control;

/// <summary>Which rules requests would take when routes change; each question is answered once. For one preview, by one thread.</summary>
/// <param name="now">The documents in force.</param>
/// <param name="then">The documents as they would be.</param>
/// <param name="unsettled">Routes that have changed since the calls were seen, so that the calls may have been routed by others.</param>
/// <param name="budget">Comparisons of matches that may be made.</param>
internal sealed class RuleFollower(
    ResourceSet now,
    ResourceSet then,
    IReadOnlySet<DocumentKey> unsettled,
    PreviewBudget budget
)
{
    private readonly Dictionary<(Naming.Path Service, string Route), RuleMoves> _moves = [];
    private readonly Dictionary<Naming.Path, (RuleOrder Now, RuleOrder Then)> _orders = [];

    /// <summary>The rules that requests to a service, counted under the name of a route, take now and would take.</summary>
    public RuleMoves Of(Naming.Path service, string route)
    {
        if (!_moves.TryGetValue((service, route), out var moves))
        {
            var routes = now.RoutesOf(service);
            if (!_orders.TryGetValue(service, out var order))
            {
                order = RuleOrder.Of(routes, then.RoutesOf(service));
                _orders.Add(service, order);
            }

            var isSettled = !routes.Any(r => unsettled.Contains(new DocumentKey(r.Kind, r.Name)));
            moves = RuleMoves.Of(order.Now, order.Then, route, isSettled, budget);
            _moves.Add((service, route), moves);
        }

        return moves;
    }
}
