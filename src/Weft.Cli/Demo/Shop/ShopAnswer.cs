namespace Weft.Cli.Demo;

/// <summary>What a service of the shop answers.</summary>
/// <param name="Status">The status.</param>
/// <param name="ServedBy">Who took part (<see cref="Demo.ServedBy"/>).</param>
/// <param name="Body">Plain text.</param>
internal sealed record ShopAnswer(int Status, string ServedBy, string Body);
