namespace Weft.Resilience;

/// <summary>One loop's part of a <see cref="RetryBudget"/>; used by that loop alone.</summary>
public sealed class RetryBudgetShare
{
    private readonly RetryBudget _budget;
    private readonly SlidingCount _requests;

    internal RetryBudgetShare(RetryBudget budget)
    {
        _budget = budget;
        _requests = new SlidingCount(Nanoseconds.Of(budget.Options.Window));
    }

    /// <summary>
    /// A request has begun: its first attempt, and only that. Not for a request that is another hop's retry (<c>weft-attempt</c> above 1): the extra
    /// load of one hop must not buy more extra load at the next.
    /// </summary>
    public void Deposit(long now) => _requests.AddOwned(now);

    /// <summary>Asks for one extra attempt of any kind; false when the budget of all loops is spent.</summary>
    public bool TryWithdraw(long now) => _budget.TryWithdraw(now);

    /// <summary>What all loops together could still make; for a gauge.</summary>
    public long Balance(long now) => _budget.Balance(now);

    /// <summary>The loop does not use the service any more; its requests of the window do not count from now on.</summary>
    public void Leave() => _budget.Leave(this);

    internal long Requests(long now) => _requests.Sum(now);
}
